package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a killed platform leaves, frozen processes included, goes without starting the platform again. */
final class LeftoversIT {

    private static final Path TOP = Path.of("/sys/fs/cgroup");

    @Test
    @Timeout(60)
    void frozenProcessAndGroupsOfADeadPlatformAreRemoved() throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "control groups need root");
        assumeTrue(Files.isDirectory(TOP.resolve("freezer")), "the host has no freezer of version 1");
        String branch = "wisp-left-" + ProcessHandle.current().pid();
        List<Path> groups = List.of("freezer", "pids", "memory").stream()
                .map(controller -> TOP.resolve(controller).resolve(branch).resolve("i-1"))
                .toList();
        for (Path group : groups) {
            Files.createDirectories(group);
        }
        Process frozen = new ProcessBuilder("sleep", "600").start();
        Files.writeString(groups.getFirst().resolve("cgroup.procs"), Long.toString(frozen.pid()));
        Files.writeString(groups.getFirst().resolve("freezer.state"), "FROZEN");

        Leftovers.main(new String[] {branch});

        assertThat(frozen.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(groups).allSatisfy(group -> assertThat(group.getParent()).doesNotExist());
    }
}
