package dev.wisp.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.gateway.FakeNode;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.PlainFakeNode;
import dev.wisp.gateway.RawClient;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What other parsers have been fooled by. Each is followed by a second request on the same connection: whatever the first is taken for,
 * bytes of its body must never be taken for a request, and the workload sees at most the one request that was meant.
 */
class MalformedRequestTest {

    private static final String HOST = "Host: hello.default.localhost\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n";

    /** One node that is given objects, and one that takes plain requests as bytes: the gate stands before both. */
    private static final List<Front> FRONTS = new ArrayList<>();

    record Front(FakeNode node, GatewayFixture gateway) {}

    record Case(String name, String bytes) {

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void open() {
        FRONTS.add(open(UnaryOperator.identity()));
        FRONTS.add(open(node -> new PlainFakeNode((FakeNode) node)));
    }

    private static Front open(UnaryOperator<NodePort> as) {
        FakeNode node = new FakeNode("n1", 0);
        node.workload((request, dispatch) -> "/smuggled".equals(request.path())
                ? Future.failedFuture("smuggled")
                : FakeNode.body(request).compose(body -> request.response().end("served " + request.path())));
        GatewayFixture gateway = new GatewayFixture(as.apply(node)).deploy(0, Duration.ofSeconds(30), 1, "n1");
        // With an instance at hand a plain request need not wait, and so is not handed over.
        assertThat(GatewayFixture.await(gateway.get("/warm")).status()).isEqualTo(200);
        return new Front(node, gateway);
    }

    @AfterAll
    static void close() {
        FRONTS.forEach(front -> front.gateway().close());
        FRONTS.clear();
    }

    static List<Case> refused() {
        return List.of(
                post("length and chunked", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                post("chunked and length", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n"),
                post("two different lengths", "Content-Length: 4\r\nContent-Length: 5\r\n", "body"),
                post("the same length twice", "Content-Length: 4\r\nContent-Length: 4\r\n", "body"),
                post("a list of lengths", "Content-Length: 4, 4\r\n", "body"),
                post("signed length", "Content-Length: +4\r\n", "body"),
                post("negative length", "Content-Length: -4\r\n", "body"),
                post("hexadecimal length", "Content-Length: 0x4\r\n", "body"),
                post("length with a space inside", "Content-Length: 4 4\r\n", "body"),
                post("empty length", "Content-Length:\r\n", "body"),
                post("length beyond a long", "Content-Length: 99999999999999999999\r\n", "body"),
                post("unknown transfer coding", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
                post("chunked not last", "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
                post("gzip before chunked", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
                post("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                post("chunked in quotes", "Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"),
                post("vertical tab before chunked", "Transfer-Encoding: \u000bchunked\r\n", "0\r\n\r\n"),
                post("space before the colon", "Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
                post("tab before the colon", "Content-Length\t: 4\r\n", "body"),
                post("control letter in a name", "Content-Length\u0000: 4\r\n", "body"),
                post("zero in a value", "X-A: a\u0000b\r\n", ""),
                post("carriage return in a value", "X-A: a\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                post("bare line feed ends a field", "X-A: a\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                post("field without a colon", "Transfer-Encoding\r\n", ""),
                post("field without a name", ": a\r\n", ""),
                new Case(
                        "chunked in HTTP/1.0",
                        "POST /a HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                new Case("no host", "GET /a HTTP/1.1\r\n\r\n"),
                new Case("two hosts", "GET /a HTTP/1.1\r\n" + HOST + HOST + "\r\n"),
                new Case("two different hosts", "GET /a HTTP/1.1\r\n" + HOST + "Host: other\r\n\r\n"),
                new Case("list of hosts", "GET /a HTTP/1.1\r\nHost: hello.default.localhost, other\r\n\r\n"),
                new Case("host with a path", "GET /a HTTP/1.1\r\nHost: hello.default.localhost/x\r\n\r\n"),
                new Case("HTTP/0.9", "GET /a\r\n\r\n"),
                new Case("HTTP/1.2", "GET /a HTTP/1.2\r\n" + HOST + "\r\n"),
                new Case("HTTP/2.0 in letters", "GET /a HTTP/2.0\r\n" + HOST + "\r\n"),
                new Case("HTTP/11.1", "GET /a HTTP/11.1\r\n" + HOST + "\r\n"),
                new Case("lower-case protocol", "GET /a http/1.1\r\n" + HOST + "\r\n"),
                new Case("two words too many", "GET /a b c HTTP/1.1\r\n" + HOST + "\r\n"),
                new Case("no method", " /a HTTP/1.1\r\n" + HOST + "\r\n"),
                new Case("separator in the method", "GE(T /a HTTP/1.1\r\n" + HOST + "\r\n"),
                new Case("too long a line", "GET /" + "a".repeat(9_000) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                new Case("too long a head", "GET /a HTTP/1.1\r\n" + HOST + "X-A: " + "a".repeat(40_000) + "\r\n\r\n"),
                new Case("too many fields", "GET /a HTTP/1.1\r\n" + HOST + "X-A: a\r\n".repeat(100) + "\r\n"),
                post("expectation of something else", "Expect: 200-maybe\r\nContent-Length: 4\r\n", "body"),
                new Case("TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesAndCloses(Case given) throws IOException {
        for (Front front : FRONTS) {
            refusesAndCloses(given, front);
        }
    }

    private static void refusesAndCloses(Case given, Front front) throws IOException {
        int served = front.node().dispatches().size();
        try (RawClient client = new RawClient(front.gateway().port)) {
            client.send(given.bytes());
            client.send(SMUGGLED);
            client.finish();

            String all = client.readAll();

            // Nothing at all is an answer too: the decoder gave up on what it was sent.
            assertThat(all).matches("(?s)|HTTP/\\d+\\.\\d (4\\d\\d|501) .*");
            assertThat(all.split("HTTP/\\d+\\.\\d \\d{3} ", -1).length)
                    .as("at most one answer")
                    .isLessThanOrEqualTo(2);
        } catch (IOException e) {
            assertThat(e).as("closed with bytes of ours unread").hasMessageMatching(".*reset.*|Broken pipe");
        }
        assertThat(front.node().dispatches()).hasSize(served);
    }

    static List<Case> brokenBodies() {
        return List.of(
                chunked("chunk size is not a number", "x\r\nbody\r\n0\r\n\r\n"),
                chunked("chunk size is signed", "+4\r\nbody\r\n0\r\n\r\n"),
                chunked("chunk size is negative", "-4\r\nbody\r\n0\r\n\r\n"),
                chunked("chunk size with prefix", "0x4\r\nbody\r\n0\r\n\r\n"),
                chunked("chunk size beyond an int", "fffffffff\r\nbody\r\n0\r\n\r\n"),
                chunked("chunk longer than its size", "2\r\nbody\r\n0\r\n\r\n"),
                chunked("bare line feed after the size", "4\nbody\r\n0\r\n\r\n"),
                chunked("bare line feed after the data", "4\r\nbody\n0\r\n\r\n"),
                chunked("line feed in an extension", "4;a=\nb\r\nbody\r\n0\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void neverTakesBytesOfABrokenBodyForARequest(Case given) throws IOException {
        for (Front front : FRONTS) {
            neverTakesBytesOfABrokenBodyForARequest(given, front);
        }
    }

    private static void neverTakesBytesOfABrokenBodyForARequest(Case given, Front front) throws IOException {
        try (RawClient client = new RawClient(front.gateway().port)) {
            client.send(given.bytes());
            client.send(SMUGGLED);
            client.finish();

            assertThat(client.readAll().split("HTTP/1\\.1 ", -1).length).isLessThanOrEqualTo(2);
        } catch (IOException e) {
            assertThat(e).hasMessageMatching(".*reset.*|Broken pipe");
        }
        assertThat(front.node().dispatches()).noneMatch(dispatch -> dispatch.remainingMillis() <= 0);
    }

    static List<Case> understood() {
        return List.of(
                post("chunk extension", "Transfer-Encoding: chunked\r\n", "4;a=b\r\nbody\r\n0\r\n\r\n"),
                post("upper-case coding", "Transfer-Encoding: CHUNKED\r\n", "4\r\nbody\r\n0\r\n\r\n"),
                post("trailers", "Transfer-Encoding: chunked\r\n", "4\r\nbody\r\n0\r\nX-T: t\r\n\r\n"),
                post("length with leading zeros", "Content-Length: 0004\r\n", "body"),
                new Case("empty lines before the request", "\r\n\r\nGET /a HTTP/1.1\r\n" + HOST + "\r\n"),
                // RFC 9112 section 5.2 lets a server put a space in the place of a folded line, which is what Netty
                // does.
                new Case("folded field", "GET /a HTTP/1.1\r\n" + HOST + "X-A: a\r\n b\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("understood")
    void understandsWhatIsOnlyUnusual(Case given) throws IOException {
        for (Front front : FRONTS) {
            understandsWhatIsOnlyUnusual(given, front);
        }
    }

    private static void understandsWhatIsOnlyUnusual(Case given, Front front) throws IOException {
        try (RawClient client = new RawClient(front.gateway().port)) {
            client.send(given.bytes());
            assertThat(client.readUntil("served /a")).startsWith("HTTP/1.1 200");

            client.send("GET /next HTTP/1.1\r\n" + HOST + "\r\n");

            assertThat(client.readUntil("served /next")).startsWith("HTTP/1.1 200");
        }
    }

    private static Case post(String name, String fields, String body) {
        return new Case(name, "POST /a HTTP/1.1\r\n" + HOST + fields + "\r\n" + body);
    }

    private static Case chunked(String name, String body) {
        return post(name, "Transfer-Encoding: chunked\r\n", body);
    }
}
