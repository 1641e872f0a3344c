package dev.wisp.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WebhookTest {

    /** The sum was made with {@code printf 'id.1.{}' | openssl dgst -sha256 -hmac 0123456789abcdef -binary | base64}. */
    @Test
    void signsIdTimeAndBody() {
        assertThat(new Webhook("key", "0123456789abcdef").signature("id", "1", "{}"))
                .isEqualTo("v1,yeZaAZsMj+p9HYOuD1F+F/7d48vEptDLSKbEg9Q37pk=");
    }

    /** Its head comes at once and promises a body, of which nothing comes. */
    @Test
    void aReceiverWhoseAnswerNeverEndsIsLeft() throws Exception {
        try (ServerSocket receiver = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread serving = Thread.ofVirtual().start(() -> answerWithoutEnd(receiver));
            URI address = URI.create("http://127.0.0.1:%d/".formatted(receiver.getLocalPort()));
            Webhook webhook = new Webhook("key", "0123456789abcdef", Duration.ofMillis(300));

            String said = assertTimeoutPreemptively(
                    Duration.ofSeconds(10), () -> webhook.post(address, "id", "{}", Instant.EPOCH));

            assertThat(said).isEqualTo("the receiver did not answer within 300 ms");
            assertThat(serving.join(Duration.ofSeconds(10)))
                    .as("its connection is closed")
                    .isTrue();
        }
    }

    private static void answerWithoutEnd(ServerSocket receiver) {
        try (Socket caller = receiver.accept()) {
            caller.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            caller.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void namesTheSettingOfAShortSecret() {
        assertThatThrownBy(() -> new Webhook("some.key", "short"))
                .hasMessage("some.key has 5 characters, must have at least 16");
    }
}
