package dev.wisp.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.gateway.FakeNode;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.PlainFakeNode;
import dev.wisp.gateway.RawClient;
import dev.wisp.testkit.HeldMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two thousand requests with one or more faults each, made from a seed, every one followed by bytes that are a request only for a parser
 * that lost its place. A connection is in step when nothing that was sent as a body, or behind a refused request, was served. Nothing of
 * any of them is kept.
 */
class MalformedStormTest {

    private static final int REQUESTS = 2_000;
    /** So many come before memory is looked at the first time: the first of them load classes and fill pools. */
    private static final int FIRST = 500;
    /** More than this would be 4 KiB of each of the others. */
    private static final long HELD_MORE_MAX = 6 << 20;

    private static final long SEED = 20_261_126;
    private static final String HOST = "Host: hello.default.localhost\r\n";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

    /** What a request is given instead of, or beside, honest framing. */
    private static final String[] FAULTY_FIELDS = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 4\r\nContent-Length: 40\r\n",
        "Content-Length: 4,4\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: 4_0\r\n",
        "Content-Length: 0x10\r\n",
        "Content-Length : 40\r\n",
        "Content-Length: 18446744073709551620\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, gzip\r\n",
        "Transfer-Encoding:\u000bchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer\u0000-Encoding: chunked\r\n",
        "X-A: a\rContent-Length: 40\r\n",
        "X-A: a\nTransfer-Encoding: chunked\r\n",
        "X-A: \u0000\r\n",
        "Host: other\r\n",
        ": nameless\r\n",
        "no colon\r\n",
        "Expect: 900-never\r\n",
    };

    private static final String[] FAULTY_LINES = {
        "GET /a\r\n",
        "GET /a HTTP/1.9\r\n",
        "GET /a HTTP/3.0\r\n",
        "GET /a HTTP/1.1 x\r\n",
        "G@T /a HTTP/1.1\r\n",
        "\u0000\u0001\u0002 /a HTTP/1.1\r\n",
        "GET http://[::1 HTTP/1.1\r\n",
        "CONNECT hello.default.localhost:80 HTTP/1.1\r\n",
    };

    private final RandomGenerator random = RandomGeneratorFactory.getDefault().create(SEED);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsEveryConnectionInStepThroughTwoThousandMalformedRequests(boolean plain) throws IOException {
        Set<String> served = Collections.synchronizedSet(new HashSet<>());
        FakeNode node = new FakeNode("n1", 0);
        node.workload((request, dispatch) -> {
            served.add(request.path());
            return FakeNode.body(request).compose(body -> request.response().end("served"));
        });
        PlainFakeNode plainNode = new PlainFakeNode(node);
        try (GatewayFixture gateway =
                new GatewayFixture(plain ? plainNode : node).deploy(0, Duration.ofSeconds(30), 1, "n1")) {
            assertThat(GatewayFixture.await(gateway.get("/before")).body()).startsWith("served");
            long heldBefore = 0;
            for (int at = 0; at < REQUESTS; at++) {
                heldBefore = at == FIRST ? HeldMemory.bytes() : heldBefore;
                String request = malformed();

                String answers = exchange(gateway.port, request, at);

                assertThat(count(answers))
                        .as("request %d of seed %d: %s", at, SEED, request)
                        .isLessThanOrEqualTo(1);
            }

            assertThat(served).noneMatch(path -> path.startsWith("/smuggled"));
            assertThat(plainNode.served()).noneMatch(line -> line.contains("/smuggled"));
            assertThat(GatewayFixture.await(gateway.get("/after")).body()).startsWith("served");
            GatewayFixture.awaitUntil(() -> gateway.metrics.active() == 0);
            assertThat(HeldMemory.bytes()).isLessThan(heldBefore + HELD_MORE_MAX);
        }
    }

    /** Everything that comes back until the gateway closes; a reset is an end too. */
    private String exchange(int port, String request, int number) throws IOException {
        try (RawClient client = new RawClient(port)) {
            String all = request + "GET /smuggled/" + number + " HTTP/1.1\r\n" + HOST + "\r\n";
            // In one piece or cut at any place, for a parser may lose its place at either.
            int cut = random.nextBoolean() ? all.length() : random.nextInt(1, all.length());
            client.send(all.substring(0, cut));
            client.send(all.substring(cut));
            client.finish();
            return client.readAll();
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            assertThat(reason).matches(text -> text.contains("reset") || text.contains("Broken pipe"));
            return "";
        }
    }

    private String malformed() {
        if (random.nextInt(4) == 0) {
            return one(FAULTY_LINES) + HOST + filler() + "\r\n";
        }
        String body = random.nextBoolean() ? "0\r\n\r\n" : "ffffffffffffffff\r\nx\r\n";
        return "POST /a HTTP/1.1\r\n" + HOST + filler() + one(FAULTY_FIELDS) + filler() + "\r\n" + body;
    }

    private String filler() {
        return random.nextBoolean()
                ? ""
                : "X-Filler-" + random.nextInt(9) + ": " + "f".repeat(random.nextInt(200)) + "\r\n";
    }

    private String one(String[] of) {
        return of[random.nextInt(of.length)];
    }

    private static int count(String answers) {
        int found = 0;
        for (Matcher matcher = STATUS.matcher(answers); matcher.find(); found++) {
            assertThat(matcher.group(1)).isIn("400", "413", "414", "417", "431", "501", "505");
        }
        return found;
    }
}
