package dev.wisp.gateway.proxy;

import static dev.wisp.gateway.GatewayFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.gateway.FakeNode;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.PlainFakeNode;
import dev.wisp.gateway.RawClient;
import dev.wisp.testkit.HeldMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 as somebody writes it who wants to keep the gateway busy (RFC 9113, section 10.5), while others call: who does so is shut out, and nobody else notices. */
class Http2AbuseTest {

    private static final int FRAMES = 2_000;
    private static final int CALLS = 200;
    /** Of a call beside it; a loop that is kept busy takes seconds. */
    private static final long SLOWEST_MILLIS = 500;

    /** Of all abuse together, whatever it sent: a chunk of each arena, and some. */
    private static final long HELD_MORE_MAX = 16 << 20;

    private static final int FRAME_BYTES_MAX = 16_384;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final String CANCEL = "\0\0\0\b";

    private GatewayFixture gateway;

    /** What is done, and whether the connection ends for it: the others are bounded by what the connection itself holds. */
    enum Abuse {
        RAPID_RESET(true) {
            @Override
            String frames() {
                StringBuilder frames = new StringBuilder();
                for (int request = 0; request < FRAMES; request++) {
                    int stream = 2 * request + 1;
                    frames.append(frame(HEADERS, END_STREAM | END_HEADERS, stream, head("GET")))
                            .append(frame(RESET, 0, stream, CANCEL));
                }
                return frames.toString();
            }
        },
        ENDLESS_HEAD(true) {
            @Override
            String frames() {
                return frame(HEADERS, END_STREAM, 1, head("GET"))
                        + frame(CONTINUATION, 0, 1, field("x-filler", "f".repeat(100)))
                                .repeat(FRAMES);
            }
        },
        EMPTY_PARTS_OF_A_HEAD(true) {
            @Override
            String frames() {
                return frame(HEADERS, END_STREAM, 1, head("GET"))
                        + frame(CONTINUATION, 0, 1, "").repeat(FRAMES);
            }
        },
        EMPTY_PARTS_OF_A_BODY(true) {
            @Override
            String frames() {
                return frame(HEADERS, END_HEADERS, 1, head("POST"))
                        + frame(DATA, 0, 1, "").repeat(FRAMES);
            }
        },
        WINDOW_BEYOND_ITS_BOUND(true) {
            @Override
            String frames() {
                return frame(WINDOW_UPDATE, 0, 0, "\u007f\u00ff\u00ff\u00ff").repeat(2);
            }
        },
        FRAME_BEYOND_ITS_BOUND(true) {
            @Override
            String frames() {
                return frame(DATA, 0, 1, "x".repeat(FRAME_BYTES_MAX + 1));
            }
        },
        SETTINGS_WITHOUT_END(false) {
            @Override
            String frames() {
                return frame(SETTINGS, 0, 0, "").repeat(FRAMES);
            }
        },
        PINGS_WITHOUT_END(false) {
            @Override
            String frames() {
                return frame(PING, 0, 0, "12345678").repeat(FRAMES);
            }
        };

        final boolean shutOut;

        Abuse(boolean shutOut) {
            this.shutOut = shutOut;
        }

        abstract String frames();
    }

    @BeforeEach
    void open() {
        FakeNode node = new FakeNode("n1", 0);
        node.workload((request, dispatch) ->
                FakeNode.body(request).compose(body -> request.response().end("served")));
        gateway = new GatewayFixture(new PlainFakeNode(node)).deploy(0, Duration.ofSeconds(30), 1, "n1");
        assertThat(call()).isEqualTo(200);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource
    void shutsOutWhoDoesItAndServesOthers(Abuse abuse) throws Exception {
        // The first time loads and compiles what answers it, which is not what is asked about.
        commit(abuse);
        long heldBefore = HeldMemory.bytes();
        List<Long> millis = new ArrayList<>();
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> calls = others.submit(() -> callOn(millis));

            commit(abuse);

            calls.get();
        }
        assertThat(millis).hasSize(CALLS).allMatch(each -> each < SLOWEST_MILLIS);
        GatewayFixture.awaitUntil(() -> gateway.metrics.active() == 0);
        assertThat(call()).isEqualTo(200);
        assertThat(HeldMemory.bytes()).isLessThan(heldBefore + HELD_MORE_MAX);
    }

    private void commit(Abuse abuse) throws IOException {
        try (RawClient abuser = new RawClient(gateway.port)) {
            boolean open =
                    sent(abuser, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0, "") + abuse.frames());
            if (abuse.shutOut && open) {
                readToTheEnd(abuser);
            }
        }
    }

    private void callOn(List<Long> millis) {
        for (int call = 0; call < CALLS; call++) {
            long start = System.nanoTime();
            assertThat(call()).isEqualTo(200);
            millis.add((System.nanoTime() - start) / 1_000_000);
        }
    }

    private int call() {
        return await(gateway.get("/")).status();
    }

    /** False when the gateway has closed before it had everything. */
    private static boolean sent(RawClient client, String bytes) {
        try {
            client.send(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Fails when the gateway does not end the connection; a reset is an end too. */
    private static void readToTheEnd(RawClient client) {
        try {
            client.readAll();
        } catch (IOException e) {
            assertThat(String.valueOf(e.getMessage())).contains("reset");
        }
    }

    private static String head(String method) {
        return field(":method", method)
                + field(":scheme", "http")
                + field(":path", "/")
                + field(":authority", GatewayFixture.HOST);
    }

    /** Literal, not indexed, without Huffman's code (RFC 7541, section 6.2.2). */
    private static String field(String name, String value) {
        return "\0" + (char) name.length() + name + (char) value.length() + value;
    }

    private static String frame(int type, int flags, int stream, String payload) {
        return number(payload.length(), 3) + (char) type + (char) flags + number(stream, 4) + payload;
    }

    private static String number(int value, int bytes) {
        byte[] all = new byte[bytes];
        for (int at = 0; at < bytes; at++) {
            all[at] = (byte) (value >> (8 * (bytes - 1 - at)));
        }
        return new String(all, StandardCharsets.ISO_8859_1);
    }
}
