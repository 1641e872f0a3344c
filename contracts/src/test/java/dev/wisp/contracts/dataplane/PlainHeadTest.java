package dev.wisp.contracts.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.dataplane.PlainHead.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainHeadTest {

    private static final String REQUEST = String.join(
            "\r\n",
            "POST /a?b=%20c HTTP/1.1",
            "Host: hello:80",
            "x-a:  b c ",
            "Content-Length: 12",
            "Connection: Keep-Alive",
            "X-Cost: free",
            "",
            "");

    private final PlainHead head = new PlainHead();

    @Test
    void readsWhatIsPlain() {
        ByteBuf bytes = bytes(REQUEST + "body of it..");

        assertThat(head.readRequest(bytes)).isEqualTo(Verdict.PLAIN);

        assertThat(bytes.readerIndex()).isZero();
        assertThat(head.length()).isEqualTo(REQUEST.length());
        assertThat(head.method()).isEqualTo("POST");
        assertThat(head.host()).isEqualTo("hello:80");
        assertThat(head.isHost("hello:80")).isTrue();
        assertThat(head.isHost("hello:81")).isFalse();
        assertThat(head.contentLength()).isEqualTo(12);
        assertThat(head.fields()).isEqualTo(5);
        assertThat(head.field(1)).isNull();
        assertThat(head.value(1)).isEqualTo("b c");
        assertThat(head.field(4)).isEqualTo(PlainField.COST);
    }

    @Test
    void isIncompleteUntilItsLastByte() {
        for (int length = 0; length < REQUEST.length(); length++) {
            assertThat(head.readRequest(bytes(REQUEST.substring(0, length)))).isEqualTo(Verdict.INCOMPLETE);
        }
        assertThat(head.readRequest(bytes(REQUEST))).isEqualTo(Verdict.PLAIN);
    }

    @Test
    void copiesItsLinesAsTheyCameLessWhatIsDropped() {
        head.readRequest(bytes(REQUEST));
        ByteBuf all = Unpooled.buffer();
        ByteBuf some = Unpooled.buffer();

        head.copyAll(all);
        head.copyLine(some);
        head.copyFields(some, EnumSet.of(PlainField.CONNECTION, PlainField.COST, PlainField.HOST));

        assertThat(all.toString(StandardCharsets.US_ASCII)).isEqualTo(REQUEST);
        assertThat(some.toString(StandardCharsets.US_ASCII))
                .isEqualTo("POST /a?b=%20c HTTP/1.1\r\nx-a:  b c \r\nContent-Length: 12\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRI * HTTP/2.0\r\n\r\n",
                "get / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\r\n\r\n",
                "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u0000 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n",
                "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 01\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000000000\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n Content-Length: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX-A: a\r\n folded\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX-A: a\rb\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX-A: a\nb: c\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX-A: \u0000\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX-A: \u00e4\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX\u0000: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\ntRANSFER-eNCODING: identity\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nPrefer: respond-async\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nx-wisp-async: a\r\n\r\n",
                "GET /_wisp/async/1 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-A\r\n\r\n",
            })
    void leavesAllElseToOthers(String request) {
        assertThat(head.readRequest(bytes(request))).isEqualTo(Verdict.OTHER);
    }

    @Test
    void leavesWhatIsTooLongToOthers() {
        String field = "X-A: " + "a".repeat(PlainHead.BYTES_MAX) + "\r\n";
        String many = "X-A: a\r\n".repeat(PlainHead.FIELDS_MAX);

        assertThat(head.readRequest(bytes("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n")))
                .isEqualTo(Verdict.OTHER);
        assertThat(head.readRequest(bytes("GET / HTTP/1.1\r\nHost: a\r\n" + many + "\r\n")))
                .isEqualTo(Verdict.OTHER);
    }

    @Test
    void readsFinalResponses() {
        assertThat(head.readResponse(bytes("HTTP/1.1 204 No Content\r\nx-a: b\r\n\r\n")))
                .isEqualTo(Verdict.PLAIN);
        assertThat(head.status()).isEqualTo(204);
        assertThat(head.contentLength()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 600 No\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 200\r\n\r\n",
                "HTTP/1.1 200 O\u0000K\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                "nonsense\r\n\r\n",
            })
    void leavesOtherResponsesToTheDecoder(String response) {
        assertThat(head.readResponse(bytes(response))).isEqualTo(Verdict.OTHER);
    }

    @ParameterizedTest
    @EnumSource(PlainField.class)
    void knowsAFieldInAnyCase(PlainField field) {
        String name = field.text().toUpperCase(Locale.ROOT);

        head.readResponse(bytes("HTTP/1.1 200 OK\r\n" + name + ": 1\r\n" + name + "x: 1\r\n\r\n"));

        assertThat(head.field(0)).isEqualTo(field);
        assertThat(head.field(1)).isNull();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }
}
