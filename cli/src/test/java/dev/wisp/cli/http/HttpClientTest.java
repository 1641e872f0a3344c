package dev.wisp.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@SuppressWarnings("StringConcatToTextBlock") // Line ends on the wire are CR LF, which a text block hides.
class HttpClientTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Test
    void readsChunksAndTheTrailersAfterThem() throws Exception {
        try (Server server = new Server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX-Cost: 0.01 USD\r\n\r\n");
                Response response = HttpClient.send(server.endpoint(), Request.get("/a"), TIMEOUT)) {

            assertThat(response.trailers()).isEqualTo(Headers.NONE);
            assertThat(response.text(100)).isEqualTo("hello world");
            assertThat(response.trailers().first("x-cost")).contains("0.01 USD");
            assertThat(server.received())
                    .isEqualTo("GET /a HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(server.endpoint().authority()));
        }
    }

    @Test
    void namesAnotherHostThanItConnectsToAndSkipsInterimAnswers() throws Exception {
        try (Server server = new Server("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
                Response response = HttpClient.send(
                        server.endpoint(),
                        Request.get("/").withHeader("Host", "hello.default.localhost:8080"),
                        TIMEOUT)) {

            assertThat(response.status()).isEqualTo(204);
            assertThat(response.text(10)).isEmpty();
            assertThat(server.received())
                    .contains("Host: hello.default.localhost:8080\r\n")
                    .containsOnlyOnce("Host:");
        }
    }

    @Test
    void readsABodyOfUnknownLengthToTheEndOfTheConnection() throws Exception {
        try (Server server = new Server("HTTP/1.0 200 OK\r\n\r\nall of it");
                Response response = HttpClient.send(server.endpoint(), Request.get("/"), TIMEOUT)) {

            assertThat(response.text(100)).isEqualTo("all of it");
        }
    }

    @Test
    void tellsAnAnswerThatWasCutOffFromOneThatEnded() throws Exception {
        try (Server server = new Server("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort");
                Response response = HttpClient.send(server.endpoint(), Request.get("/"), TIMEOUT)) {

            assertThatThrownBy(() -> response.text(100)).hasMessageContaining("before the answer was complete");
        }
    }

    @Test
    void refusesWhatIsNotHttp() throws Exception {
        try (Server server = new Server("SSH-2.0-OpenSSH_9.2\r\n")) {
            assertThatThrownBy(() -> HttpClient.send(server.endpoint(), Request.get("/"), TIMEOUT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("connection was closed");
        }
        try (Server server = new Server("SSH-2.0-OpenSSH_9.2\r\n\r\n")) {
            assertThatThrownBy(() -> HttpClient.send(server.endpoint(), Request.get("/"), TIMEOUT))
                    .hasMessageContaining("the answer is not HTTP");
        }
    }

    @Test
    void endsWaitingForASilentServer() throws Exception {
        try (Server server = new Server("")) {
            assertThatThrownBy(() -> HttpClient.send(server.endpoint(), Request.get("/"), Duration.ofMillis(50)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Answers one request with these bytes and closes; with nothing to say it stays silent. */
    private static final class Server implements AutoCloseable {

        private final ServerSocket socket = new ServerSocket(0, 4, InetAddress.getLoopbackAddress());
        private final CompletableFuture<String> received = new CompletableFuture<>();

        Server(String answer) throws IOException {
            Thread.ofVirtual().start(() -> {
                try (Socket connection = socket.accept()) {
                    received.complete(readHead(connection.getInputStream()));
                    connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    if (answer.isEmpty()) {
                        connection.getInputStream().read();
                    }
                } catch (IOException e) {
                    received.completeExceptionally(e);
                }
            });
        }

        Endpoint endpoint() {
            return new Endpoint(false, "127.0.0.1", socket.getLocalPort());
        }

        String received() throws Exception {
            return received.get(5, TimeUnit.SECONDS);
        }

        private static String readHead(InputStream in) throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                head.write(in.read());
            }
            return head.toString(StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
