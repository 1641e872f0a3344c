package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a crash everything deployed is back, and nothing of the dead process is left. */
class KillAndRestartIT {

    @TempDir
    Path home;

    @Test
    void comesBackWithItsServicesAndCleansUpAfterTheDead() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        List<Path> cgroupsBefore = KernelCounters.branches(home);
        try (PlatformProcess platform = new PlatformProcess(home).start()) {
            platform.client().deployHello("kept", "\"wisp.dev/keep-alive\":\"5m\"");
            assertThat(platform.client().invoke("kept", "/").statusCode()).isEqualTo(200);

            platform.kill();
            platform.start();

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> platform.client().invoke("kept", "/").statusCode() == 200);
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(KernelCounters.branches(home)).isEqualTo(cgroupsBefore));
        assertThat(Files.readString(Path.of("/proc/self/mounts"), StandardCharsets.UTF_8))
                .doesNotContain(home.toString());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(processesNaming(home.toString())).isEmpty());
    }

    private static List<String> processesNaming(String text) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(text))
                .toList();
    }
}
