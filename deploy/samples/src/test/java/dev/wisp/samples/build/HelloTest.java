package dev.wisp.samples.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs the program the build has just made. */
class HelloTest {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int port;
    private Process hello;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                Path.of("target/hello/hello").toAbsolutePath().toString());
        builder.environment().put("PORT", Integer.toString(port));
        hello = builder.redirectErrorStream(true).start();
        await().ignoreException(ConnectException.class)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> get("/").statusCode() == 200);
    }

    @AfterEach
    void kill() {
        hello.destroyForcibly();
        client.close();
    }

    @Test
    void saysHowItWasCalled() throws Exception {
        String body = get("/?name=you").body();

        assertThat(body)
                .isEqualTo(
                        "Hello from Wisp!%nYou called GET /?name=you at localhost:%d.%nThis is call 2 of this instance.%n"
                                .formatted(port));
    }

    @Test
    void echoesBodiesOfAnyLengthWithAndWithoutContentLength() throws Exception {
        byte[] body = new byte[3_000_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i * 31);
        }

        byte[] sized = post("/echo", HttpRequest.BodyPublishers.ofByteArray(body));
        byte[] chunked =
                post("/echo", HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofByteArray(body)));

        assertThat(Arrays.equals(sized, body)).isTrue();
        assertThat(Arrays.equals(chunked, body)).isTrue();
    }

    @Test
    void refusesNumbersOutOfRange() throws Exception {
        assertThat(get("/burn?ms=-1").statusCode()).isEqualTo(400);
        assertThat(get("/big?bytes=x").statusCode()).isEqualTo(400);
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
        assertThat(get("/big?bytes=100000").body()).hasSize(100_000);
    }

    @Test
    void exitsWithTheCodeAskedFor() throws Exception {
        assertThat(client.sendAsync(request("/exit?code=7").build(), HttpResponse.BodyHandlers.ofString())
                        .handle((response, failure) -> failure != null)
                        .get(5, TimeUnit.SECONDS))
                .isTrue();

        assertThat(hello.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(hello.exitValue()).isEqualTo(7);
    }

    @Test
    void endsAtOnceOnSigtermWhenIdle() throws Exception {
        hello.destroy();

        assertThat(hello.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(hello.exitValue()).isZero();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private byte[] post(String path, HttpRequest.BodyPublisher body) throws IOException, InterruptedException {
        return client.send(request(path).POST(body).build(), HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(port, path)))
                .timeout(Duration.ofSeconds(10));
    }
}
