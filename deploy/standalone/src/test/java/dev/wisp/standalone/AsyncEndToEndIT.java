package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that nobody waits for, through the whole platform, and through its being killed while it makes them. */
class AsyncEndToEndIT {

    @TempDir
    Path home;

    @Test
    void everyStoredCallIsMadeThoughThePlatformIsKilledInTheMiddle() throws IOException {
        assumeTrue(RootAccess.available(), RootAccess.REASON);
        try (PlatformProcess platform = new PlatformProcess(home).start()) {
            Client client = platform.client();
            client.deployHello("worker", "\"wisp.dev/keep-alive\":\"1m\"");

            HttpResponse<String> first = client.store("worker", "/echo", "hello");
            assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
            assertThat(result(client, first).body()).isEqualTo("hello");

            List<HttpResponse<String>> stored = IntStream.range(0, 8)
                    .mapToObj(i -> client.store("worker", "/burn?ms=1000", "call " + i))
                    .toList();
            platform.kill();
            platform.start();

            for (HttpResponse<String> answer : stored) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
                HttpResponse<String> result = result(platform.client(), answer);
                assertThat(result.statusCode()).as(result.body()).isEqualTo(200);
                assertThat(result.headers().firstValue("x-async-state")).contains("succeeded");
            }
            assertThat(result(platform.client(), first).body()).isEqualTo("hello");
        }
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
}
