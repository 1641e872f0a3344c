package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sandbox that does not go away is reported until it does. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SandboxStuckIT {

    private static final Path GROUPS = Path.of("/sys/fs/cgroup/pids");
    private static final Path FREEZERS = Path.of("/sys/fs/cgroup/freezer");

    /**
     * What hangs in the kernel cannot be made on demand; a process of the test's own in the group, frozen by a group of the test's own, cannot die either. It is the
     * whole group that is killed, so that it does once it can.
     */
    @Test
    void survivorIsReportedUntilItIsGone() throws IOException, InterruptedException {
        assumeTrue(Files.isDirectory(GROUPS), "the host has no pids group of version 1");
        Path freezer = Files.createDirectory(
                FREEZERS.resolve("wisp-stuck-" + ProcessHandle.current().pid() + "-test"));
        try (SandboxFixture fixture = SandboxFixture.open("stuck", 0)) {
            Sandbox sandbox = fixture.start("serve");
            Path group = group(fixture);
            Process survivor = new ProcessBuilder("sleep", "600").start();
            try {
                Files.writeString(group.resolve("cgroup.procs"), Long.toString(survivor.pid()));
                Files.writeString(freezer.resolve("cgroup.procs"), Long.toString(survivor.pid()));
                Files.writeString(freezer.resolve("freezer.state"), "FROZEN");

                assertThatThrownBy(() -> sandbox.stop(Duration.ZERO)).isInstanceOf(RuntimeException.class);

                assertThat(fixture.runtime().stuck())
                        .singleElement()
                        .satisfies(stuck -> assertThat(stuck.id()).isEqualTo(sandbox.id()));
                assertThat(group).exists();
                assertThat(sandbox.released()).isNotDone();
                Sandbox other = fixture.start("serve");
                assertThat(fixture.ask(other, "cwd")).isEqualTo("/");
                Files.writeString(freezer.resolve("freezer.state"), "THAWED");
                assertThat(survivor.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(survivor.exitValue()).isEqualTo(128 + 9);
            } finally {
                Files.writeString(freezer.resolve("freezer.state"), "THAWED");
                survivor.destroyForcibly().waitFor();
                Files.delete(freezer);
            }
            await().atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(fixture.runtime().stuck()).isEmpty());
            assertThat(group).doesNotExist();
            assertThat(sandbox.released()).isCompleted();
        }
    }

    private static Path group(SandboxFixture fixture) throws IOException {
        try (Stream<Path> groups = Files.list(GROUPS.resolve(fixture.prefix()))) {
            return groups.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }
}
