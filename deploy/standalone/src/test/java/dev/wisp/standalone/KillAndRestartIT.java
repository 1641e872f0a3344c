package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a crash everything deployed is back, calls that nobody waits for are made though it came in the middle of them, and nothing of the dead process is left. */
class KillAndRestartIT {

    @TempDir
    Path home;

    @Test
    void comesBackWithItsServicesMakesEveryStoredCallAndCleansUpAfterTheDead() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        List<Path> cgroupsBefore = KernelCounters.branches(home);
        try (PlatformProcess platform = new PlatformProcess(home).start()) {
            Client client = platform.client();
            client.deployHello("kept", "\"wisp.dev/keep-alive\":\"5m\"");
            assertThat(client.invoke("kept", "/").statusCode()).isEqualTo(200);
            client.deployHello("worker", "\"wisp.dev/keep-alive\":\"1m\"");
            HttpResponse<String> first = client.store("worker", "/echo", "hello");
            assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
            assertThat(result(client, first).body()).isEqualTo("hello");
            List<HttpResponse<String>> stored = IntStream.range(0, 8)
                    .mapToObj(i -> client.store("worker", "/burn?ms=1000", "call " + i))
                    .toList();

            platform.kill();
            platform.start();
            Client successor = platform.client();

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> successor.invoke("kept", "/").statusCode() == 200);
            for (HttpResponse<String> answer : stored) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
                HttpResponse<String> result = result(successor, answer);
                assertThat(result.statusCode()).as(result.body()).isEqualTo(200);
                assertThat(result.headers().firstValue("x-async-state")).contains("succeeded");
            }
            assertThat(result(successor, first).body()).isEqualTo("hello");
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(KernelCounters.branches(home)).isEqualTo(cgroupsBefore));
        assertThat(Files.readString(Path.of("/proc/self/mounts"), StandardCharsets.UTF_8))
                .doesNotContain(home.toString());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(processesNaming(home.toString())).isEmpty());
    }

    /** The answer once the call is over; right after a start it may not be known yet. */
    private static HttpResponse<String> result(Client client, HttpResponse<String> stored) {
        String location = stored.headers().firstValue("location").orElseThrow();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    HttpResponse<String> answer = client.invoke("worker", location);
                    return answer.statusCode() != 503
                            && answer.statusCode() != 404
                            && !answer.headers()
                                    .firstValue("x-async-state")
                                    .orElse("")
                                    .equals("pending");
                });
        return client.invoke("worker", location);
    }

    private static List<String> processesNaming(String text) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(text))
                .toList();
    }
}
