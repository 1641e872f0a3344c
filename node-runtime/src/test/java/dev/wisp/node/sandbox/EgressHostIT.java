package dev.wisp.node.sandbox;

import static dev.wisp.node.network.PrivateInternet.GREETING_PORT;
import static dev.wisp.node.network.PrivateInternet.WORLD;
import static dev.wisp.node.network.PrivateInternet.WORLD_PRIVATE;
import static dev.wisp.node.sandbox.EgressFixture.BOTH;
import static dev.wisp.node.sandbox.EgressFixture.OPENED_ACCOUNT;
import static dev.wisp.node.sandbox.EgressFixture.PUBLIC;
import static dev.wisp.node.sandbox.EgressFixture.READY_MAX;
import static dev.wisp.node.sandbox.EgressFixture.REFUSED;
import static dev.wisp.node.sandbox.EgressFixture.allowing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.network.EgressConfig;
import dev.wisp.node.network.PrivateInternet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of egress is on the host, when it goes, and what a host is told that cannot give any. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class EgressHostIT extends EgressCase {

    @Test
    void stopTakesTheWayAway() {
        for (int i = 0; i < 20; i++) {
            egress.start("a", i % 2 == 0 ? PUBLIC : BOTH).stop(Duration.ZERO);
        }

        Awaitility.await().until(() -> egress.runtime().networkLegs() <= READY_MAX);
        Awaitility.await().until(() -> strayInterfaces().isEmpty());
    }

    @Test
    void findsAnInterfaceThatNoSandboxHas() throws IOException {
        egress.start("a", PUBLIC).stop(Duration.ZERO);
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
        return egress.runtime().strays().getOrDefault(Leak.VETH, Set.of());
    }

    @Test
    void startsFromThoseHeldReady() {
        egress.start("a", PUBLIC).stop(Duration.ZERO);
        Awaitility.await().until(() -> egress.runtime().readyWaysOut() > 0);

        Sandbox sandbox = egress.start(OPENED_ACCOUNT, allowing("10.9.9.9", GREETING_PORT));

        assertThat(sandbox.timing().phases())
                .extracting(StartTiming.Phase::name)
                .containsExactly("claim", "network", "prepare", "execute", "listen");
        assertThat(egress.tcp(sandbox, WORLD_PRIVATE, GREETING_PORT)).startsWith("world");
        assertThat(egress.tcp(sandbox, WORLD, GREETING_PORT)).isEqualTo(REFUSED);
    }

    @Test
    void nodeWithoutUplinkRefuses() {
        String prefix = SandboxFixture.prefix("alone");
        try (LinuxSandboxRuntime alone = EgressFixture.runtime(egress.layers(), prefix, EgressConfig.outside("none"))) {
            assertThatThrownBy(() -> alone.start(egress.spec("a", PUBLIC)))
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
                LinuxSandboxRuntime still = EgressFixture.runtime(egress.layers(), prefix, other.outside())) {
            other.forward(false);

            assertThatThrownBy(() -> still.start(egress.spec("a", PUBLIC)))
                    .hasMessageContaining("run sysctl -w net.ipv4.ip_forward=1");

            assertThat(other.hostInterfaces()).containsExactly("lo", "wan");
            other.forward(true);
            assertThat(egress.tcp(still.start(egress.spec("a", PUBLIC)), WORLD, GREETING_PORT))
                    .startsWith("world");
        }
    }

    @Test
    void killedRuntimeLeavesNothing() throws Exception {
        String prefix = SandboxFixture.prefix("slain");
        try (PrivateInternet other = new PrivateInternet()) {
            Process victim = victim(prefix, other, List.of());
            SandboxFixture.awaitReady(victim);
            assertThat(other.hostInterfaces()).hasSize(3);
            assertThat(other.hasNoTable(prefix)).isFalse();

            victim.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

            Awaitility.await()
                    .untilAsserted(() -> assertThat(other.hostInterfaces()).containsExactly("lo", "wan"));
            assertThat(other.hasNoTable(prefix)).isTrue();
            try (LinuxSandboxRuntime next = EgressFixture.runtime(egress.layers(), prefix, other.outside())) {
                assertThat(egress.tcp(next.start(egress.spec("a", PUBLIC)), WORLD, GREETING_PORT))
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
                egress.layers().toString(),
                egress.layer().toString(),
                prefix,
                other.outside(),
                through.isEmpty() ? "both" : "IPv4"));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** A runtime of its own, to be killed: it runs two sandboxes with egress and freezes one. Where it gets none it says why, and ends. */
    static final class Victim {

        private Victim() {}

        public static void main(String[] arguments) throws InterruptedException {
            LinuxSandboxRuntime runtime = EgressFixture.runtime(Path.of(arguments[0]), arguments[2], arguments[3]);
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
