package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.node.network.EgressConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The label of workloads against the kernel; `./wisp test --guest` has one with AppArmor, where the profile is loaded. */
final class SecurityLabelIT {

    private static final Path PARSER = Path.of("/usr/sbin/apparmor_parser");
    private static final Path PROFILE = Path.of("../deploy/apparmor", LabelConfig.PROFILE);

    /** With children, whom it finds in {@code /proc}, as without the profile. */
    @Test
    void workloadRunsUnderTheProfileAsRootAndAsAnotherUser() throws IOException {
        assumeTrue(
                "enforce".equals(SecurityModules.observe().mode(LabelConfig.PROFILE)),
                "this host has no AppArmor, or the profile is not loaded: apparmor_parser -r deploy/apparmor/wisp-sandbox");
        try (SandboxFixture fixture = SandboxFixture.open("label")) {
            for (String user : new String[] {"", "1000"}) {
                Sandbox sandbox = fixture.runtime().start(fixture.spec(SandboxFixture.limits(64), user, "/", "spin"));

                assertThat(label(sandbox)).as("user '%s'", user).isEqualTo("wisp-sandbox (enforce)");
                assertThat(fixture.ask(sandbox, "list /proc").lines().filter(line -> line.matches("\\d+\\b.*")))
                        .as("processes that user '%s' sees", user)
                        .hasSizeGreaterThan(1);
                sandbox.stop(Duration.ZERO);
            }
        }
    }

    private static String label(Sandbox sandbox) throws IOException {
        int pid = ((LinuxSandbox) sandbox).parked().child().pid();
        return Files.readString(Path.of("/proc/" + pid + "/attr/current")).strip();
    }

    @Test
    void runtimeDoesNotStartWithoutTheProfileItWasGiven(@TempDir Path folder) {
        assumeTrue("root".equals(System.getProperty("user.name")), "sandboxes need root");
        SecurityModules host = SecurityModules.observe();
        assumeTrue(!host.appArmor() || host.profiles() != null, "the list of profiles cannot be read");
        String prefix = SandboxFixture.prefix("label");
        LinuxSandboxConfig config = new LinuxSandboxConfig(
                folder,
                prefix,
                LinuxSandboxConfig.UID_BASE_DEFAULT,
                1,
                0,
                0,
                EgressConfig.byDefault(prefix),
                new LabelConfig("wisp-absent", LabelConfig.NONE));

        assertThatIllegalStateException()
                .isThrownBy(() -> new LinuxSandboxRuntime(config, InstantSource.system()).close())
                .withMessageStartingWith("wisp.node.sandbox.apparmor-profile=wisp-absent, but");
    }

    @Test
    void profileIsAcceptedByAppArmorsOwnParser(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(PARSER), "needs Debian's apparmor at " + PARSER);
        Process parser = new ProcessBuilder(
                        PARSER.toString(),
                        "--skip-kernel-load",
                        "--skip-cache",
                        "--ofile",
                        folder.resolve("compiled").toString(),
                        PROFILE.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(parser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(parser.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(parser.exitValue()).as(said).isZero();
        assertThat(folder.resolve("compiled")).isNotEmptyFile();
    }
}
