package dev.wisp.node.sandbox;

import static dev.wisp.node.network.PrivateInternet.BULK_PORT;
import static dev.wisp.node.network.PrivateInternet.GREETING_PORT;
import static dev.wisp.node.network.PrivateInternet.HOST;
import static dev.wisp.node.network.PrivateInternet.HOST_IPV6;
import static dev.wisp.node.network.PrivateInternet.OTHER_PORT;
import static dev.wisp.node.network.PrivateInternet.WORLD;
import static dev.wisp.node.network.PrivateInternet.WORLD_6TO4;
import static dev.wisp.node.network.PrivateInternet.WORLD_IPV6;
import static dev.wisp.node.network.PrivateInternet.WORLD_METADATA;
import static dev.wisp.node.network.PrivateInternet.WORLD_PRIVATE;
import static dev.wisp.node.network.PrivateInternet.WORLD_PRIVATE_IPV6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import dev.wisp.contracts.revision.NetworkSpec.Mode;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.network.EgressConfig;
import dev.wisp.node.network.PrivateInternet;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a sandbox with egress gets to, where it does not, and what it leaves. Every refusal has a control that gets there another way. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class EgressIT {

    private static final String NO_ROUTE = "errno 101";
    private static final String TIMED_OUT = "errno 110";
    private static final String REFUSED = "errno 111";
    private static final String UPLINK_IPV6 = "fd6b:3f1c:90a7::c613:0";
    private static final int CONNECTIONS_MAX = 20;
    private static final int READY_MAX = 2;
    private static final int BYTES_PER_SECOND_MAX = 1 << 20;
    private static final NetworkSpec PUBLIC = new NetworkSpec(Mode.EGRESS, List.of());
    private static final NetworkSpec BOTH = new NetworkSpec(Mode.EGRESS, List.of(), true);
    private static final String OPENED_ACCOUNT = "insider";

    private static SandboxFixture fixture;
    private static PrivateInternet internet;
    private static LinuxSandboxRuntime runtime;

    private final List<Sandbox> started = new ArrayList<>();

    @BeforeAll
    static void open() throws IOException {
        fixture = SandboxFixture.open("egress", 0);
        internet = new PrivateInternet();
        runtime = runtime(fixture.layers, prefix(), internet.outside());
    }

    private static String prefix() {
        return SandboxFixture.prefix("way");
    }

    private static LinuxSandboxRuntime runtime(Path layers, String prefix, String outside) {
        EgressConfig egress = new EgressConfig(
                prefix,
                outside,
                EgressConfig.POOL_DEFAULT,
                List.of(Cidr.parse(WORLD)),
                Map.of(OPENED_ACCOUNT, List.of(Cidr.parse("10.9.0.0/16"))),
                READY_MAX,
                new EgressConfig.Limits(CONNECTIONS_MAX, 500, BYTES_PER_SECOND_MAX));
        long uidBase = SandboxFixture.UID_BASE + 0x0200_0000L;
        return new LinuxSandboxRuntime(
                new LinuxSandboxConfig(layers, prefix, uidBase, 64, 1, 4, egress), InstantSource.system());
    }

    @AfterEach
    void endSandboxes() {
        started.forEach(sandbox -> sandbox.stop(Duration.ZERO));
    }

    @AfterAll
    static void close() throws IOException {
        try {
            if (runtime != null) {
                runtime.close();
                Awaitility.await()
                        .untilAsserted(
                                () -> assertThat(internet.hostInterfaces()).containsExactly("lo", "wan"));
                assertThat(internet.hasNoTable(prefix())).isTrue();
            }
        } finally {
            if (internet != null) {
                internet.close();
            }
            if (fixture != null) {
                fixture.close();
            }
        }
    }

    private Sandbox start(String account, NetworkSpec network) {
        Sandbox sandbox = runtime.start(spec(fixture.spec("serve"), account, network));
        started.add(sandbox);
        return sandbox;
    }

    private static SandboxSpec spec(SandboxSpec plain, String account, NetworkSpec network) {
        return new SandboxSpec(
                plain.id(),
                plain.layers(),
                plain.process(),
                plain.platformEnv(),
                plain.limits(),
                plain.port(),
                plain.startTimeout(),
                plain.output(),
                account,
                network);
    }

    private static NetworkSpec allowing(String range, int port) {
        return new NetworkSpec(Mode.EGRESS, List.of(new Allowed(range, port, port)));
    }

    private static String tcp(Sandbox sandbox, String address, int port) {
        return fixture.ask(sandbox, "tcp " + address + " " + port);
    }

    @Test
    void reachesTheInternetAndIsSeenAsTheHost() {
        Sandbox sandbox = start("a", PUBLIC);

        assertThat(tcp(sandbox, WORLD, GREETING_PORT)).isEqualTo("world " + HOST);
    }

    @Test
    void hasNothingWithoutAsking() {
        Sandbox sandbox = start("a", NetworkSpec.NONE);

        assertThat(tcp(sandbox, WORLD, GREETING_PORT)).isEqualTo(NO_ROUTE);
        assertThat(fixture.ask(sandbox, "read /proc/net/dev")).doesNotContain("eth0");
    }

    @Test
    void whatIsRefusedBelowIsThere() {
        assertThat(internet.askFromHost(WORLD_PRIVATE, GREETING_PORT)).startsWith("world");
        assertThat(internet.askFromHost(WORLD_METADATA, GREETING_PORT)).startsWith("world");
        assertThat(internet.askFromWorld(HOST, GREETING_PORT)).startsWith("host");
        start("a", PUBLIC);
        assertThat(internet.askFromHost("198.19.0.0", GREETING_PORT)).startsWith("host");
    }

    @ParameterizedTest
    @CsvSource({
        "a private network,      10.9.9.9",
        "link-local metadata,    169.254.169.254",
        "the host's address,     203.0.113.1",
        "the host on the uplink, 198.19.0.0"
    })
    void isRefusedAtOnce(String what, String address) {
        Sandbox sandbox = start("a", PUBLIC);

        assertThat(tcp(sandbox, address, GREETING_PORT)).as(what).isEqualTo(REFUSED);
    }

    @Test
    void routerSaysNothingOfItself() {
        Sandbox sandbox = start("a", PUBLIC);

        assertThat(tcp(sandbox, "198.19.0.1", GREETING_PORT)).isEqualTo(TIMED_OUT);
    }

    @Test
    void isKeptFromOtherSandboxes() {
        Sandbox one = start("a", PUBLIC);
        Sandbox other = start("a", new NetworkSpec(Mode.EGRESS, List.of(new Allowed("0.0.0.0/0", 0, 65_535))));
        String address = fixture.ask(one, "read /proc/net/fib_trie")
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("\\|-- 198\\.19\\.\\d+\\.\\d*[13579]"))
                .map(line -> line.substring(4))
                .findFirst()
                .orElseThrow();

        assertThat(fixture.ask(one, "read /proc/net/tcp"))
                .as("listens on all addresses")
                .contains("00000000:1F90");
        assertThat(tcp(other, address, SandboxFixture.PORT)).isEqualTo(TIMED_OUT);
    }

    @Test
    void allowListOpensWhatItNames() {
        Sandbox sandbox = start("a", allowing("203.0.113.0/24", GREETING_PORT));

        assertThat(tcp(sandbox, WORLD, GREETING_PORT)).startsWith("world");
        assertThat(tcp(sandbox, WORLD, OTHER_PORT)).isEqualTo(REFUSED);
        assertThat(tcp(sandbox, HOST, GREETING_PORT)).isEqualTo(REFUSED);
    }

    @Test
    void nodeOpensPrivateRangesToAnAccount() {
        Sandbox sandbox = start(OPENED_ACCOUNT, allowing("10.9.9.9", GREETING_PORT));

        assertThat(tcp(sandbox, WORLD_PRIVATE, GREETING_PORT)).startsWith("world");
        assertThat(tcp(sandbox, WORLD, GREETING_PORT)).isEqualTo(REFUSED);
        assertThatThrownBy(() -> start("a", allowing("10.9.9.9", GREETING_PORT)))
                .hasMessageContaining("E1205")
                .hasMessageContaining("10.9.9.9/32:7001 is a private range, and this node opens none to the account");
    }

    @Test
    void namesResolve() {
        Sandbox sandbox = start("a", allowing("203.0.113.77", 443));

        assertThat(fixture.ask(sandbox, "read /etc/resolv.conf")).contains("nameserver " + WORLD);
        assertThat(fixture.ask(sandbox, "resolve shop.example.test")).isEqualTo(WORLD);
    }

    @Test
    void connectionsAreCounted() {
        Sandbox sandbox = start("a", PUBLIC);

        assertThat(fixture.ask(sandbox, "many " + WORLD + " " + GREETING_PORT + " " + 2 * CONNECTIONS_MAX))
                .isEqualTo(Integer.toString(CONNECTIONS_MAX));
    }

    /** A lower bound: a slow machine can only make it longer. */
    @Test
    void bytesComeAsSlowlyAsTheyMust() {
        Sandbox sandbox = start("a", PUBLIC);
        long begin = System.nanoTime();

        assertThat(tcp(sandbox, WORLD, BULK_PORT)).endsWith(" " + PrivateInternet.BULK_BYTES);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1500));
    }

    @Test
    void hasNoIpv6() {
        Sandbox sandbox = start("a", PUBLIC);

        assertThat(fixture.ask(sandbox, "read /proc/net/if_inet6")).doesNotContain("eth0");
        assertThat(tcp(sandbox, WORLD_IPV6, GREETING_PORT)).isEqualTo(NO_ROUTE);
    }

    @Test
    void reachesTheInternetByIpv6WhenItAsks() {
        Sandbox sandbox = start("a", BOTH);

        assertThat(tcp(sandbox, WORLD_IPV6, GREETING_PORT))
                .isEqualTo("world " + InetAddress.ofLiteral(HOST_IPV6).getHostAddress());
        assertThat(tcp(sandbox, WORLD, GREETING_PORT)).isEqualTo("world " + HOST);
        assertThat(fixture.ask(sandbox, "read /proc/net/if_inet6").lines().filter(line -> line.endsWith("eth0")))
                .as("one address, none of the link")
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("fd6b3f1c90a7");
    }

    @Test
    void whatIsRefusedByIpv6IsThere() {
        assertThat(internet.askFromHost(WORLD_PRIVATE_IPV6, GREETING_PORT)).startsWith("world");
        assertThat(internet.askFromHost(WORLD_6TO4, GREETING_PORT)).startsWith("world");
        assertThat(internet.askFromWorld(HOST_IPV6, GREETING_PORT)).startsWith("host");
        start("a", BOTH);
        assertThat(internet.askFromHost(UPLINK_IPV6, GREETING_PORT)).startsWith("host");
    }

    @ParameterizedTest
    @CsvSource({
        "a private network,            fd00:9::9",
        "a private network by 6to4,    2002:a09:909::1",
        "a private network as IPv4,    ::ffff:10.9.9.9",
        "the host's address,           2001:db8:1::1",
        "the host on the uplink,       fd6b:3f1c:90a7::c613:0"
    })
    void isRefusedAtOnceByIpv6(String what, String address) {
        Sandbox sandbox = start("a", BOTH);

        assertThat(tcp(sandbox, address, GREETING_PORT)).as(what).isEqualTo(REFUSED);
    }

    @Test
    void routerSaysNothingOfItselfByIpv6() {
        assertThat(tcp(start("a", BOTH), "fd6b:3f1c:90a7::c613:1", GREETING_PORT))
                .isEqualTo(TIMED_OUT);
    }

    @Test
    void isKeptFromOtherSandboxesByIpv6() {
        Sandbox one = start("a", BOTH);
        Sandbox other = start("a", new NetworkSpec(Mode.EGRESS, List.of(new Allowed("::/0", 0, 65_535)), true));
        String digits = fixture.ask(one, "read /proc/net/if_inet6")
                .lines()
                .filter(line -> line.endsWith("eth0"))
                .map(line -> line.substring(0, 32))
                .findFirst()
                .orElseThrow();

        assertThat(tcp(other, digits.replaceAll("(.{4})(?=.)", "$1:"), SandboxFixture.PORT))
                .isEqualTo(TIMED_OUT);
    }

    @Test
    void allowListOpensWhatItNamesByIpv6() {
        NetworkSpec one =
                new NetworkSpec(Mode.EGRESS, List.of(new Allowed("2001:db8::/32", GREETING_PORT, GREETING_PORT)), true);
        Sandbox sandbox = start("a", one);

        assertThat(tcp(sandbox, WORLD_IPV6, GREETING_PORT)).startsWith("world");
        assertThat(tcp(sandbox, WORLD_IPV6, OTHER_PORT)).isEqualTo(REFUSED);
        assertThat(tcp(sandbox, WORLD, GREETING_PORT)).isEqualTo(REFUSED);
    }

    @Test
    void connectionsAreCountedByIpv6() {
        assertThat(fixture.ask(
                        start("a", BOTH), "many " + WORLD_IPV6 + " " + GREETING_PORT + " " + 2 * CONNECTIONS_MAX))
                .isEqualTo(Integer.toString(CONNECTIONS_MAX));
    }

    @Test
    void hostThatDoesNotForwardIpv6IsToldSoByWhoAsksForIt() {
        String prefix = SandboxFixture.prefix("four");
        try (PrivateInternet other = new PrivateInternet();
                LinuxSandboxRuntime four = runtime(fixture.layers, prefix, other.outside())) {
            other.forwardIpv6(false);

            assertThatThrownBy(() -> four.start(spec(fixture.spec("serve"), "a", BOTH)))
                    .hasMessageContaining("run sysctl -w net.ipv6.conf.all.forwarding=1");

            assertThat(tcp(four.start(spec(fixture.spec("serve"), "a", PUBLIC)), WORLD, GREETING_PORT))
                    .startsWith("world");
            other.forwardIpv6(true);
            assertThat(tcp(four.start(spec(fixture.spec("serve"), "a", BOTH)), WORLD_IPV6, GREETING_PORT))
                    .startsWith("world");
        }
    }

    @Test
    void stopTakesTheWayAway() {
        for (int i = 0; i < 20; i++) {
            start("a", i % 2 == 0 ? PUBLIC : BOTH).stop(Duration.ZERO);
        }

        Awaitility.await().until(() -> runtime.networkLegs() <= READY_MAX);
        Awaitility.await().until(() -> strayInterfaces().isEmpty());
    }

    @Test
    void findsAnInterfaceThatNoSandboxHas() throws IOException {
        start("a", PUBLIC).stop(Duration.ZERO);
        List<String> held;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            held = descriptors.map(Path::getFileName).map(Path::toString).toList();
        }

        String router = held.stream()
                .filter(descriptor -> inside(descriptor, "show dev up"))
                .findFirst()
                .orElseThrow();
        assertThat(inside(router, "add s77 type veth peer name s78")).isTrue();
        try {
            assertThat(strayInterfaces()).contains("s77", "s78");
        } finally {
            inside(router, "delete s77");
        }
    }

    /** Whether {@code ip link} succeeds in the network namespace that a descriptor holds. */
    private static boolean inside(String descriptor, String arguments) {
        String command = "nsenter --net=/proc/%d/fd/%s ip link %s"
                .formatted(ProcessHandle.current().pid(), descriptor, arguments);
        try {
            return new ProcessBuilder(command.split(" ")).start().waitFor() == 0;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(command, e);
        }
    }

    private Set<String> strayInterfaces() {
        return runtime.strays().getOrDefault(Leak.VETH, Set.of());
    }

    @Test
    void startsFromThoseHeldReady() {
        start("a", PUBLIC).stop(Duration.ZERO);
        Awaitility.await().until(() -> runtime.readyWaysOut() > 0);

        Sandbox sandbox = start(OPENED_ACCOUNT, allowing("10.9.9.9", GREETING_PORT));

        assertThat(sandbox.timing().phases())
                .extracting(StartTiming.Phase::name)
                .containsExactly("claim", "network", "prepare", "execute", "listen");
        assertThat(tcp(sandbox, WORLD_PRIVATE, GREETING_PORT)).startsWith("world");
        assertThat(tcp(sandbox, WORLD, GREETING_PORT)).isEqualTo(REFUSED);
    }

    @Test
    void nodeWithoutUplinkRefuses() {
        String prefix = SandboxFixture.prefix("alone");
        try (LinuxSandboxRuntime alone = runtime(fixture.layers, prefix, EgressConfig.outside("none"))) {
            assertThatThrownBy(() -> alone.start(spec(fixture.spec("serve"), "a", PUBLIC)))
                    .hasMessageContaining("E1205")
                    .hasMessageContaining("set wisp.node.network.uplink");
        }
    }

    /** As on a kernel without these parts: the calls that make interfaces and rules fail, and everything else works. */
    @Test
    void nodeThatMayNotMakeInterfacesRefuses() throws Exception {
        String prefix = SandboxFixture.prefix("bare");
        try (PrivateInternet other = new PrivateInternet()) {
            Process bare = victim(prefix, other, List.of("setpriv", "--bounding-set=-net_admin"));

            String said = new String(bare.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(said).contains("E1205").contains("netlink: EPERM (").contains("one: listens without egress");
            assertThat(other.hostInterfaces()).containsExactly("lo", "wan");
        }
    }

    @Test
    void hostThatDoesNotForwardIsToldSo() {
        String prefix = SandboxFixture.prefix("still");
        try (PrivateInternet other = new PrivateInternet();
                LinuxSandboxRuntime still = runtime(fixture.layers, prefix, other.outside())) {
            other.forward(false);

            assertThatThrownBy(() -> still.start(spec(fixture.spec("serve"), "a", PUBLIC)))
                    .hasMessageContaining("run sysctl -w net.ipv4.ip_forward=1");

            assertThat(other.hostInterfaces()).containsExactly("lo", "wan");
            other.forward(true);
            assertThat(tcp(still.start(spec(fixture.spec("serve"), "a", PUBLIC)), WORLD, GREETING_PORT))
                    .startsWith("world");
        }
    }

    @Test
    void killedRuntimeLeavesNothing() throws Exception {
        String prefix = SandboxFixture.prefix("slain");
        try (PrivateInternet other = new PrivateInternet()) {
            Process victim = victim(prefix, other, List.of());
            awaitReady(victim);
            assertThat(other.hostInterfaces()).hasSize(3);
            assertThat(other.hasNoTable(prefix)).isFalse();

            victim.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

            Awaitility.await()
                    .untilAsserted(() -> assertThat(other.hostInterfaces()).containsExactly("lo", "wan"));
            assertThat(other.hasNoTable(prefix)).isTrue();
            try (LinuxSandboxRuntime next = runtime(fixture.layers, prefix, other.outside())) {
                assertThat(tcp(next.start(spec(fixture.spec("serve"), "a", PUBLIC)), WORLD, GREETING_PORT))
                        .startsWith("world");
            }
        }
    }

    private static Process victim(String prefix, PrivateInternet other, List<String> through) throws IOException {
        List<String> command = new ArrayList<>(through);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                fixture.layers.toString(),
                fixture.layer.toString(),
                prefix,
                other.outside(),
                through.isEmpty() ? "both" : "IPv4"));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void awaitReady(Process victim) throws IOException {
        BufferedReader output = victim.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.equals("ready")) {
            line = output.readLine();
        }
        assertThat(line).isEqualTo("ready");
    }

    /** A runtime of its own, to be killed: it runs two sandboxes with egress and freezes one. Where it gets none it says why, and ends. */
    static final class Victim {

        private Victim() {}

        public static void main(String[] arguments) throws InterruptedException {
            LinuxSandboxRuntime runtime = runtime(Path.of(arguments[0]), arguments[2], arguments[3]);
            try {
                runtime.start(spec("one", arguments[1], arguments[4].equals("both") ? BOTH : PUBLIC));
                runtime.start(spec("two", arguments[1], PUBLIC)).freeze();
            } catch (ProblemException e) {
                System.out.println(e.getMessage());
                System.out.println(runtime.start(spec("one", arguments[1], NetworkSpec.NONE))
                                .id() + ": listens without egress");
                runtime.close();
                return;
            }
            System.out.println("ready");
            Thread.sleep(Duration.ofMinutes(2));
        }

        private static SandboxSpec spec(String id, String layer, NetworkSpec network) {
            return new SandboxSpec(
                    id,
                    List.of(Path.of(layer)),
                    new ProcessSpec(List.of("/probe"), Map.of(), "/", "", 15),
                    Map.of("PORT", Integer.toString(SandboxFixture.PORT)),
                    SandboxFixture.limits(64),
                    SandboxFixture.PORT,
                    Duration.ofSeconds(10),
                    (_, _, _) -> {},
                    "a",
                    network);
        }
    }
}
