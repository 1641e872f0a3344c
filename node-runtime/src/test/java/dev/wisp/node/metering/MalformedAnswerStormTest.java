package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.fake.FakeContainer;
import dev.wisp.node.fake.FakeNode;
import dev.wisp.testkit.HeldMemory;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two thousand answers of a workload that is broken or hostile, made from a seed, with a healthy one after each: whoever asks next gets
 * the answer to what was asked, never what a former answer left behind, and nothing of any of them is kept.
 */
@ParameterizedClass
@EnumSource(ProxyFixture.Front.class)
class MalformedAnswerStormTest {

    private final ProxyFixture.Front front;

    MalformedAnswerStormTest(ProxyFixture.Front front) {
        this.front = front;
    }

    private static final int ANSWERS = 2_000;
    /** So many come before memory is looked at the first time: the first of them load classes and fill pools. */
    private static final int FIRST = 500;
    /** More than this would be 4 KiB of each of the others. */
    private static final long HELD_MORE_MAX = 6 << 20;

    private static final long SEED = 1_126;
    private static final String LEFT_BEHIND = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled";

    private static final String[] FAULTY = {
        "nonsense\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 two OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffff\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nX-\u0000: a\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n".repeat(40),
        "HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(40_000) + "\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001",
    };

    @TempDir
    Path folder;

    @Test
    void answersEveryRequestWithItsOwnAnswerThroughTwoThousandMalformedOnes() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(SEED);
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    String path = head.substring(head.indexOf(' ') + 1, head.indexOf(" HTTP/"));
                    boolean healthy = path.startsWith("/healthy");
                    String answer = healthy ? whole(path) : hostile(random);
                    out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    return healthy;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            long heldBefore = 0;
            for (int at = 0; at < ANSWERS; at++) {
                heldBefore = at == FIRST ? HeldMemory.bytes() : heldBefore;
                askForBroken(fixture, at);
                HttpResponse<String> healthy = fixture.get("/healthy/" + at);

                assertThat(healthy.statusCode())
                        .as("answer %d of seed %d", at, SEED)
                        .isEqualTo(200);
                assertThat(healthy.body()).isEqualTo("/healthy/" + at);
            }
            assertThat(HeldMemory.bytes()).isLessThan(heldBefore + HELD_MORE_MAX);
        }
    }

    /** Whatever comes of it, but nothing is no answer unless the connection broke. */
    private static void askForBroken(ProxyFixture fixture, int number) throws InterruptedException {
        try {
            assertThat(fixture.get("/broken/" + number).statusCode()).isBetween(200, 599);
        } catch (IOException e) {
            assertThat(e).as("broken off in the middle").isNotInstanceOf(HttpTimeoutException.class);
        }
    }

    private static String whole(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A faulty answer, or a good one with another behind it that nobody asked for. */
    private static String hostile(RandomGenerator random) {
        int at = random.nextInt(FAULTY.length + 2);
        String answer = at < FAULTY.length ? FAULTY[at] : whole("asked for");
        return answer + (random.nextBoolean() ? LEFT_BEHIND : "");
    }
}
