package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Knative's runtime contract, sentence by sentence, as far as it is the sandbox's to keep; {@code docs/images.md} has the whole table. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class RuntimeContractIT {

    private static final int NOBODY = 65_534;

    private static SandboxFixture fixture;
    private static Sandbox asRoot;
    private static Sandbox asNobody;

    @BeforeAll
    static void open() throws IOException {
        fixture = SandboxFixture.open("contract", 2);
        Path log = Files.createDirectories(fixture.layer.resolve("var/log"));
        Files.setAttribute(log, "unix:uid", NOBODY);
        asRoot = start("", "/", List.of("/probe", "serve"));
        asNobody = start("65534:65534", "/", List.of("/probe", "serve"));
    }

    @AfterAll
    static void close() throws IOException {
        if (fixture != null) {
            fixture.close();
        }
    }

    /** The files that Knative's conformance suite asks for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dev/fd",
                "/dev/full",
                "/dev/null",
                "/dev/ptmx",
                "/dev/random",
                "/dev/stdin",
                "/dev/stdout",
                "/dev/stderr",
                "/dev/tty",
                "/dev/urandom",
                "/dev/zero",
                "/proc/self/fd",
                "/proc/self/fd/0",
                "/proc/self/fd/1",
                "/proc/self/fd/2"
            })
    void fileIsThere(String path) {
        assertThat(fixture.ask(asRoot, "stat " + path)).doesNotStartWith("errno");
        assertThat(fixture.ask(asNobody, "stat " + path)).doesNotStartWith("errno");
    }

    @ParameterizedTest
    @CsvSource({"/tmp,0 0 41777", "/dev/shm,0 0 41777", "/etc/resolv.conf,0 0 100644", "/etc/hosts,0 0 100644"})
    void fileHasItsOwnerAndMode(String path, String stat) {
        assertThat(fixture.ask(asNobody, "stat " + path)).isEqualTo(stat);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/console", "/sys/fs/cgroup", "/dev/log", "/dev/mem", "/dev/kmsg"})
    void fileIsNotThere(String path) {
        assertThat(fixture.ask(asRoot, "stat " + path)).isEqualTo("errno 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tmp/a", "/var/log/a", "/dev/shm/a", "/dev/null", "/dev/full"})
    void anybodyCanWrite(String path) {
        String full = path.equals("/dev/full") ? "errno 28" : "ok";

        assertThat(fixture.ask(asNobody, "write " + path + " x")).isEqualTo(full);
    }

    @Test
    void environmentNamesPortServiceConfigurationAndRevision() {
        assertThat(fixture.ask(asNobody, "env").lines())
                .contains("PORT=8080", "K_SERVICE=hello", "K_CONFIGURATION=hello", "K_REVISION=hello-00001");
    }

    @Test
    void environmentOfTheImageIsWeakerThanThePlatforms() {
        Sandbox sandbox =
                start("", "/", List.of("/probe", "serve"), Map.of("PORT", "1", "K_SERVICE", "no", "MINE", "1"));

        assertThat(fixture.ask(sandbox, "env").lines()).contains("PORT=8080", "K_SERVICE=hello", "MINE=1");
        sandbox.stop(Duration.ZERO);
    }

    @Test
    void standardInputIsAtItsEnd() {
        assertThat(fixture.ask(asRoot, "stdin")).isEqualTo("0");
    }

    @Test
    void outputIsCollectedFromBothDescriptorsAndTheirFiles() {
        assertThat(fixture.ask(asNobody, "write /dev/stderr told")).isEqualTo("ok");
        assertThat(fixture.ask(asNobody, "write /proc/self/fd/1 said")).isEqualTo("ok");

        asNobody.stop(Duration.ZERO);
        Awaitility.await().until(() -> fixture.output.containsAll(List.of("STDERR told", "STDOUT said")));
        asNobody = start("65534:65534", "/", List.of("/probe", "serve"));
    }

    @Test
    void settingsOfTheKernelCannotBeWritten() {
        assertThat(fixture.ask(asRoot, "write /proc/sys/kernel/hostname x")).isIn("errno 13", "errno 30");
        assertThat(fixture.ask(asRoot, "write /proc/sys/net/ipv4/ip_forward 1")).isIn("errno 13", "errno 30");
    }

    @Test
    void nameOfTheHostIsTheInstances() {
        assertThat(fixture.ask(asRoot, "read /etc/hostname")).isEqualTo(asRoot.id() + "\n");
        assertThat(fixture.ask(asRoot, "read /proc/sys/kernel/hostname")).isEqualTo(asRoot.id() + "\n");
        assertThat(fixture.ask(asRoot, "read /etc/hosts")).contains("127.0.0.1\tlocalhost " + asRoot.id());
    }

    @Test
    void termComesBeforeKill() {
        Sandbox sandbox = start("", "/", List.of("/probe", "polite"));

        sandbox.stop(Duration.ofSeconds(10));

        assertThat(sandbox.exit().join().exitCode()).isZero();
    }

    private static Sandbox start(String user, String workingFolder, List<String> argv) {
        return start(user, workingFolder, argv, Map.of());
    }

    private static Sandbox start(String user, String workingFolder, List<String> argv, Map<String, String> env) {
        SandboxSpec spec = fixture.spec(
                SandboxFixture.limits(64), new ProcessSpec(argv, env, workingFolder, user, 15), List.of(fixture.layer));
        return fixture.runtime()
                .start(new SandboxSpec(
                        spec.id(),
                        spec.layers(),
                        spec.process(),
                        Map.of(
                                "PORT", "8080",
                                "K_SERVICE", "hello",
                                "K_CONFIGURATION", "hello",
                                "K_REVISION", "hello-00001"),
                        spec.limits(),
                        spec.port(),
                        spec.startTimeout(),
                        spec.output()));
    }
}
