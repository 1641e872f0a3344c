package dev.wisp.node.sandbox;

import static dev.wisp.node.network.PrivateInternet.WORLD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import dev.wisp.contracts.revision.NetworkSpec.Mode;
import dev.wisp.node.network.EgressConfig;
import dev.wisp.node.network.PrivateInternet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A runtime whose sandboxes reach a world of the test's own, and sandboxes of it that end with each test. */
final class EgressFixture implements AutoCloseable {

    static final String NO_ROUTE = "errno 101";
    static final String TIMED_OUT = "errno 110";
    static final String REFUSED = "errno 111";
    static final NetworkSpec PUBLIC = new NetworkSpec(Mode.EGRESS, List.of());
    static final NetworkSpec BOTH = new NetworkSpec(Mode.EGRESS, List.of(), true);
    static final String OPENED_ACCOUNT = "insider";
    static final int CONNECTIONS_MAX = 20;
    static final int READY_MAX = 2;
    static final int BYTES_PER_SECOND_MAX = 1 << 20;

    private static final EgressConfig.Limits LIMITS =
            new EgressConfig.Limits(CONNECTIONS_MAX, 500, BYTES_PER_SECOND_MAX);

    private final String prefix;
    private final SandboxFixture fixture;
    private final PrivateInternet internet;
    private final LinuxSandboxRuntime runtime;
    private final List<Sandbox> started = new ArrayList<>();

    private EgressFixture(String name, SandboxFixture fixture, EgressConfig.Limits limits) {
        this.prefix = SandboxFixture.prefix(name);
        this.fixture = fixture;
        this.internet = new PrivateInternet();
        this.runtime = runtime(fixture.layers, prefix, internet.outside(), limits);
    }

    /** Skips the test with the reason when this host cannot run it. */
    static EgressFixture open(String name) throws IOException {
        return open(name, LIMITS);
    }

    static EgressFixture open(String name, EgressConfig.Limits limits) throws IOException {
        return new EgressFixture(name, SandboxFixture.open(name + "-image", 0), limits);
    }

    static LinuxSandboxRuntime runtime(Path layers, String prefix, String outside) {
        return runtime(layers, prefix, outside, LIMITS);
    }

    private static LinuxSandboxRuntime runtime(Path layers, String prefix, String outside, EgressConfig.Limits limits) {
        EgressConfig egress = new EgressConfig(
                prefix,
                outside,
                EgressConfig.POOL_DEFAULT,
                List.of(Cidr.parse(WORLD)),
                Map.of(OPENED_ACCOUNT, List.of(Cidr.parse("10.9.0.0/16"))),
                READY_MAX,
                limits);
        long uidBase = SandboxFixture.UID_BASE + 0x0200_0000L;
        return new LinuxSandboxRuntime(
                new LinuxSandboxConfig(layers, prefix, uidBase, 64, 1, 4, egress), InstantSource.system());
    }

    PrivateInternet internet() {
        return internet;
    }

    LinuxSandboxRuntime runtime() {
        return runtime;
    }

    Path layers() {
        return fixture.layers;
    }

    Path layer() {
        return fixture.layer;
    }

    Sandbox start(String account, NetworkSpec network) {
        Sandbox sandbox = runtime.start(spec(account, network));
        started.add(sandbox);
        return sandbox;
    }

    void endSandboxes() {
        started.forEach(sandbox -> sandbox.stop(Duration.ZERO));
        started.clear();
    }

    SandboxSpec spec(String account, NetworkSpec network) {
        SandboxSpec plain = fixture.spec("serve");
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

    static NetworkSpec allowing(String range, int port) {
        return new NetworkSpec(Mode.EGRESS, List.of(new Allowed(range, port, port)));
    }

    String tcp(Sandbox sandbox, String address, int port) {
        return ask(sandbox, "tcp " + address + " " + port);
    }

    String ask(Sandbox sandbox, String command) {
        return fixture.ask(sandbox, command);
    }

    /** Nothing of it may be left on its host. */
    @Override
    public void close() throws IOException {
        try {
            runtime.close();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(internet.hostInterfaces()).containsExactly("lo", "wan"));
            assertThat(internet.hasNoTable(prefix)).isTrue();
        } finally {
            internet.close();
            fixture.close();
        }
    }
}
