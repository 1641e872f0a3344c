package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.node.fake.FakeContainer;
import dev.wisp.node.fake.FakeNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunnelTest {

    private static final String ASK =
            "GET /chat HTTP/1.1\r\nHost: hello\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String AGREE =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n";

    @TempDir
    Path folder;

    @Test
    void carriesBytesBothWaysAndMetersThemWhenItEnds() throws Exception {
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    say(out, AGREE + "welcome");
                    echo(in, out);
                    return false;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0));
                Socket caller = fixture.connect()) {
            caller.setSoTimeout(10_000);
            say(caller.getOutputStream(), ASK);
            assertThat(readUntil(caller.getInputStream(), "welcome"))
                    .startsWith("HTTP/1.1 101")
                    .containsIgnoringCase("upgrade: websocket")
                    .containsIgnoringCase("x-invocation-id: ");

            say(caller.getOutputStream(), "GET /smuggled HTTP/1.1\r\n\r\n");
            assertThat(readUntil(caller.getInputStream(), "\r\n\r\n")).isEqualTo("GET /smuggled HTTP/1.1\r\n\r\n");
            caller.shutdownOutput();

            InvocationRecord record = fixture.onlyRecord();
            assertThat(record.status()).isEqualTo(101);
            assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
            assertThat(record.bytesIn()).isEqualTo(26);
            assertThat(record.bytesOut()).isEqualTo(33);
            assertThat(container.heads())
                    .singleElement()
                    .satisfies(head -> assertThat(head).containsIgnoringCase("upgrade: websocket"));
        }
    }

    @Test
    void endsTheCallersSideWhenTheContainerEnds() throws Exception {
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    say(out, AGREE + "bye");
                    return false;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0))) {
            assertThat(fixture.raw(ASK)).endsWith("bye");
            assertThat(fixture.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
        }
    }

    @Test
    void endsWhenNothingMovesForTheRevisionsTimeout() throws Exception {
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    say(out, AGREE);
                    echo(in, out);
                    return false;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0))) {
            assertThat(fixture.raw(ASK)).startsWith("HTTP/1.1 101");
            assertThat(fixture.onlyRecord().status()).isEqualTo(101);
        }
    }

    /** Bytes go on moving: it is the money that ends it, at the moment up to which it was set aside. */
    @Test
    void endsWhenNoMoreOfItIsPaidFor() throws Exception {
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    say(out, AGREE);
                    while (true) {
                        say(out, "tick ");
                        in.read();
                    }
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0));
                Socket caller = fixture.connect()) {
            PaidFunds funds = new PaidFunds(Long.MAX_VALUE, 500);
            fixture.funds = funds;
            caller.setSoTimeout(10_000);
            say(caller.getOutputStream(), ASK);
            readUntil(caller.getInputStream(), "tick ");

            int next = 0;
            while (next >= 0) {
                try {
                    say(caller.getOutputStream(), "!");
                    next = caller.getInputStream().read();
                } catch (IOException closed) {
                    next = -1;
                }
            }

            InvocationRecord record = fixture.onlyRecord();
            assertThat(record.appMicros()).isBetween(450_000L, 1_500_000L);
            assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
            assertThat(funds.out()).isTrue();
        }
    }

    @Test
    void givesOutNoMoreBytesThanArePaidFor() throws Exception {
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    say(out, AGREE + "a".repeat(1_000));
                    in.read();
                    say(out, "b".repeat(1_000));
                    echo(in, out);
                    return false;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0));
                Socket caller = fixture.connect()) {
            PaidFunds funds = new PaidFunds(1_500, Long.MAX_VALUE);
            fixture.funds = funds;
            caller.setSoTimeout(10_000);
            say(caller.getOutputStream(), ASK);
            readUntil(caller.getInputStream(), "a".repeat(1_000));

            say(caller.getOutputStream(), "!");

            assertThat(fixture.onlyRecord().bytesOut()).isEqualTo(1_000);
            assertThat(funds.out()).isTrue();
        }
    }

    @Test
    void staysHttpWhenTheContainerDoesNotAgree() throws Exception {
        try (FakeContainer container = FakeContainer.saying("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno");
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0))) {
            try (Socket caller = fixture.connect()) {
                caller.setSoTimeout(10_000);
                say(caller.getOutputStream(), ASK);
                assertThat(readUntil(caller.getInputStream(), "no")).startsWith("HTTP/1.1 400");

                say(caller.getOutputStream(), "GET /next HTTP/1.1\r\nHost: hello\r\n\r\n");
                assertThat(readUntil(caller.getInputStream(), "no")).startsWith("HTTP/1.1 400");
            }
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void echo(InputStream in, OutputStream out) throws IOException {
        for (int next = in.read(); next >= 0; next = in.read()) {
            out.write(next);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end, Math.max(0, read.length() - end.length())) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after: " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }
}
