package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
     * whole group that is killed, so that it does once it can. So it is with one that is still parked: who takes it gets another.
     */
    @Test
    void survivorIsReportedUntilItIsGone() throws IOException, InterruptedException {
        assumeTrue(Files.isDirectory(GROUPS), "the host has no pids group of version 1");
        Path freezer = Files.createDirectory(
                FREEZERS.resolve("wisp-stuck-" + ProcessHandle.current().pid() + "-test"));
        try (SandboxFixture fixture = SandboxFixture.open("stuck", 1)) {
            Sandbox sandbox = fixture.start("serve");
            int slot = ((LinuxSandbox) sandbox).parked().slot();
            await().until(() -> fixture.runtime().isAtRest());
            Path group = GROUPS.resolve(fixture.prefix()).resolve(Integer.toString(slot));
            Path parked = groups(fixture)
                    .filter(other -> !other.equals(group))
                    .findFirst()
                    .orElseThrow();
            endFirst(parked);
            List<Process> survivors = List.of(survivor(group, freezer), survivor(parked, freezer));
            try {
                Files.writeString(freezer.resolve("freezer.state"), "FROZEN");

                CompletableFuture<Sandbox> another = CompletableFuture.supplyAsync(() -> fixture.start("serve"));
                assertThatThrownBy(() -> sandbox.stop(Duration.ZERO)).isInstanceOf(RuntimeException.class);

                assertThat(fixture.ask(another.join(), "cwd")).isEqualTo("/");
                assertThat(fixture.runtime().stuck())
                        .extracting(StuckSandbox::id)
                        .containsExactlyInAnyOrder(sandbox.id(), "parked-" + parked.getFileName());
                assertThat(group).exists();
                assertThat(sandbox.released()).isNotDone();
                Sandbox other = fixture.start("serve");
                assertThat(fixture.ask(other, "cwd")).isEqualTo("/");
                Files.writeString(freezer.resolve("freezer.state"), "THAWED");
                for (Process survivor : survivors) {
                    assertThat(survivor.waitFor(30, TimeUnit.SECONDS)).isTrue();
                    assertThat(survivor.exitValue()).isEqualTo(128 + 9);
                }
            } finally {
                Files.writeString(freezer.resolve("freezer.state"), "THAWED");
                for (Process survivor : survivors) {
                    survivor.destroyForcibly().waitFor();
                }
                Files.delete(freezer);
            }
            await().atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(fixture.runtime().stuck()).isEmpty());
            assertThat(group).doesNotExist();
            assertThat(parked).doesNotExist();
            assertThat(sandbox.released()).isCompleted();
        }
    }

    private static Process survivor(Path group, Path freezer) throws IOException {
        Process survivor = new ProcessBuilder("sleep", "600").start();
        Files.writeString(group.resolve("cgroup.procs"), Long.toString(survivor.pid()));
        Files.writeString(freezer.resolve("cgroup.procs"), Long.toString(survivor.pid()));
        return survivor;
    }

    /** Kills the child that waits in a group, as the kernel does that has no memory left. */
    private static void endFirst(Path group) throws IOException {
        String first = Files.readAllLines(group.resolve("cgroup.procs")).getFirst();
        ProcessHandle.of(Long.parseLong(first)).orElseThrow().destroyForcibly();
        Path stat = Path.of("/proc", first, "stat");
        await().until(() -> Files.readString(stat).contains(") Z "));
    }

    private static Stream<Path> groups(SandboxFixture fixture) throws IOException {
        try (Stream<Path> groups = Files.list(GROUPS.resolve(fixture.prefix()))) {
            return groups.filter(Files::isDirectory).toList().stream();
        }
    }
}
