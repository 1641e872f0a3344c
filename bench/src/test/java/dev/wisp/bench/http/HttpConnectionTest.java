package dev.wisp.bench.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wisp.bench.http.HttpConnection.NoAnswerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {

    private static final byte[] REQUEST = HttpConnection.get("hello.bench.localhost", "/");

    private final ServerSocket server;

    HttpConnectionTest() throws IOException {
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void readsAnAnswerWithALength() throws Exception {
        HttpAnswer answer = answered("HTTP/1.1 200 OK\r\nX-Cold-Start: true\r\nContent-Length: 5\r\n\r\nhello");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-cold-start")).isEqualTo("true");
        assertThat(answer.bodyBytes()).isEqualTo(5);
        assertThat(answer.complete()).isTrue();
        assertThat(answer.firstByteMicros()).isPositive().isLessThanOrEqualTo(answer.totalMicros());
    }

    @Test
    void readsChunksAndTrailers() throws Exception {
        String text = """
                HTTP/1.1 200 OK
                Transfer-Encoding: chunked
                Server-Timing: queue;dur=1

                3
                abc
                2;x=y
                de
                0
                Server-Timing: app;dur=2
                X-Cost: 1

                """;
        HttpAnswer answer = answered(text.replace("\n", "\r\n"));

        assertThat(answer.bodyBytes()).isEqualTo(5);
        assertThat(answer.complete()).isTrue();
        assertThat(answer.header("x-cost")).isEqualTo("1");
    }

    @Test
    void saysWhenABodyBrokeOff() throws Exception {
        assertThat(answered("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")
                        .complete())
                .isFalse();
        assertThat(answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
                        .complete())
                .isFalse();
        assertThat(answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Cost: 1\r\n")
                        .complete())
                .isFalse();
    }

    @Test
    void aHeadThatBrokeOffIsNoAnswer() {
        assertThatExceptionOfType(NoAnswerException.class)
                .isThrownBy(() -> answered("HTTP/1.1 200 OK\r\nContent-"))
                .matches(NoAnswerException::isSent);
    }

    @Test
    void aRefusedConnectionWasNotSent() throws IOException {
        InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
        server.close();

        try (HttpConnection connection = new HttpConnection(address)) {
            assertThatExceptionOfType(NoAnswerException.class)
                    .isThrownBy(() -> connection.exchange(REQUEST))
                    .matches(failure -> !failure.isSent());
        }
    }

    private HttpAnswer answered(String text) throws NoAnswerException {
        Thread.startVirtualThread(() -> {
            try (Socket accepted = server.accept()) {
                if (accepted.getInputStream().read(new byte[REQUEST.length]) > 0) {
                    accepted.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        try (HttpConnection connection = new HttpConnection((InetSocketAddress) server.getLocalSocketAddress())) {
            return connection.exchange(REQUEST);
        }
    }
}
