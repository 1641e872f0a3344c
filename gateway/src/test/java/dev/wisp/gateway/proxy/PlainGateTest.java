package dev.wisp.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.gateway.FakeNode;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.PlainFakeNode;
import dev.wisp.gateway.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes past Vert.x, what is handed over to it, and that a connection keeps its place through both. */
class PlainGateTest {

    private static final String HOST = "Host: hello.default.localhost\r\n";

    private FakeNode objects;
    private PlainFakeNode plain;
    private GatewayFixture gateway;

    @BeforeEach
    void open() {
        objects = new FakeNode("n1", 0);
        objects.workload((request, dispatch) ->
                FakeNode.body(request).compose(body -> request.response().end("objects " + request.path())));
        plain = new PlainFakeNode(objects);
        gateway = new GatewayFixture(plain).deploy(0, Duration.ofSeconds(30), 1, "n1");
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void keepsWhatHasToWaitAndTakesTheNext() throws IOException {
        objects.keepStartsWaiting();
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(post("/first", "body"));
            GatewayFixture.awaitUntil(() -> gateway.metrics.queueDepth() == 1);
            client.send(get("/second"));

            objects.releaseStarts();

            assertThat(client.readUntil("served /second")).containsSubsequence("served /first", "served /second");
        }
        assertThat(plain.served()).containsExactly("POST /first HTTP/1.1\r\nbody", "GET /second HTTP/1.1\r\n");
        GatewayFixture.awaitUntil(() -> gateway.metrics.active() == 0);
    }

    /** Handing over would make objects of the request before anybody was asked for an instance. */
    @Test
    void isNotHandedOverToVertxWhileItWaits() throws IOException {
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(get("/cold"));

            assertThat(client.readUntil("served /cold")).startsWith("HTTP/1.1 200");
        }
        assertThat(plain.served()).containsExactly("GET /cold HTTP/1.1\r\n");
    }

    @Test
    void readsALongBodyOnlyOnceItsRequestNoLongerWaits() throws IOException {
        objects.keepStartsWaiting();
        String body = "0123456789abcdef".repeat(40_000);
        try (RawClient client = new RawClient(gateway.port)) {
            client.send("POST /long HTTP/1.1\r\n" + HOST + "Content-Length: " + body.length() + "\r\n\r\n");
            GatewayFixture.awaitUntil(() -> gateway.metrics.queueDepth() == 1);
            Thread.ofVirtual().start(() -> send(client, body + get("/next")));

            objects.releaseStarts();

            assertThat(client.readUntil("served /next")).contains("served /long");
        }
        assertThat(plain.served().getFirst()).hasSize("POST /long HTTP/1.1\r\n".length() + body.length());
    }

    @Test
    void forgetsACallerThatLeavesWhileItWaits() throws IOException {
        objects.keepStartsWaiting();
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(get("/gone"));
            GatewayFixture.awaitUntil(() -> gateway.metrics.queueDepth() == 1);
        }

        GatewayFixture.awaitUntil(() -> gateway.metrics.queueDepth() == 0 && gateway.metrics.active() == 0);

        objects.releaseStarts();
        assertThat(plain.served()).isEmpty();
    }

    @Test
    void answersThroughVertxWhatWaitedInVainAndTakesTheNext() throws IOException {
        objects.keepStartsWaiting();
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(get("/late"));
            GatewayFixture.awaitUntil(() -> gateway.metrics.queueDepth() == 1);
            gateway.bus.publish(Topics.REVISIONS, GatewayFixture.HELLO.toString(), null);

            assertThat(client.readUntil("E1402")).startsWith("HTTP/1.1 503");
            client.send("GET / HTTP/1.1\r\nHost: nobody.default.localhost\r\n\r\n");
            assertThat(client.readUntil("E1401")).contains("HTTP/1.1 404");
        }
        objects.releaseStarts();
        GatewayFixture.awaitUntil(() -> gateway.metrics.active() == 0);
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws IOException {
        warm();
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(get("/a") + post("/b", "1234") + get("/c"));

            assertThat(client.readUntil("served /c")).containsSubsequence("served /a", "served /b", "served /c");
        }
        assertThat(plain.served())
                .containsExactly("GET /a HTTP/1.1\r\n", "POST /b HTTP/1.1\r\n1234", "GET /c HTTP/1.1\r\n");
    }

    @Test
    void readsARequestCutAtAnyPlace() throws IOException {
        warm();
        String request = post("/cut", "body");
        try (RawClient client = new RawClient(gateway.port)) {
            for (int cut = 1; cut < request.length(); cut++) {
                client.send(request.substring(0, cut));
                client.send(request.substring(cut));

                assertThat(client.readUntil("served /cut")).startsWith("HTTP/1.1 200");
            }
        }
        assertThat(plain.served()).hasSize(request.length() - 1).containsOnly("POST /cut HTTP/1.1\r\nbody");
    }

    @Test
    void passesALongBodyOn() throws IOException {
        warm();
        String body = "0123456789abcdef".repeat(40_000);
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(post("/long", body) + get("/next"));

            assertThat(client.readUntil("served /next")).contains("served /long");
        }
        assertThat(plain.served().getFirst()).hasSize("POST /long HTTP/1.1\r\n".length() + body.length());
    }

    @Test
    void isBackAfterWhatTheGatewayAnswersItself() throws IOException {
        warm();
        try (RawClient client = new RawClient(gateway.port)) {
            client.send("GET / HTTP/1.1\r\nHost: nobody.default.localhost\r\n\r\n" + get("/next"));

            assertThat(client.readUntil("served /next")).contains("404", "E1401");
        }
    }

    @Test
    void leavesAConnectionToVertxThatIsNotPlain() throws IOException {
        warm();
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(get("/a"));
            client.readUntil("served /a");
            client.send("POST /b HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n");
            client.readUntil("objects /b");
            client.send(get("/c"));

            assertThat(client.readUntil("objects /c")).startsWith("HTTP/1.1 200");
        }
        GatewayFixture.awaitUntil(() -> gateway.metrics.active() == 0);
    }

    @Test
    void offersARefusedRequestToTheNextInstanceWhole() throws IOException {
        warm();
        String refusing = objects.instances().getFirst();
        objects.kill(refusing);
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(post("/a", "body"));

            assertThat(client.readUntil("served /a")).startsWith("HTTP/1.1 200");
        }
        assertThat(objects.instances()).doesNotContain(refusing);
    }

    @Test
    void tellsTheNodeThatTheCallerHasGone() throws IOException {
        warm();
        plain.keepSilent();
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(get("/a"));
            GatewayFixture.awaitUntil(() -> objects.inFlight() == 1);
        }

        GatewayFixture.awaitUntil(() -> objects.inFlight() == 0 && gateway.metrics.active() == 0);
    }

    @Test
    void servesNothingAfterTheLastAnswer() throws IOException {
        warm();
        plain.closeAfterAnswers();
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(get("/a") + get("/b"));

            assertThat(client.readAll()).endsWith("served /a");
        }
        assertThat(plain.served()).containsExactly("GET /a HTTP/1.1\r\n");
    }

    @Test
    void keepsAUsedConnectionBeyondTheTimeForAHead() throws IOException {
        gateway.close();
        gateway = new GatewayFixture(
                        new ServerSettings(
                                "127.0.0.1",
                                0,
                                1,
                                8 << 10,
                                32 << 10,
                                64,
                                1_000,
                                Duration.ofSeconds(60),
                                Duration.ofMillis(100),
                                Duration.ofSeconds(5)),
                        GatewayFixture.LIMITS,
                        gateway.bus,
                        GatewayFixture.temporaryDirectory(),
                        plain)
                .deploy(0, Duration.ofSeconds(30), 1, "n1");
        gateway.announce("n1-1", "n1", 0, InstanceEvent.State.READY);
        warm();
        try (RawClient used = new RawClient(gateway.port);
                RawClient silent = new RawClient(gateway.port)) {
            used.send(get("/a"));
            used.readUntil("served /a");
            silent.send("GET / HT");
            // Closed by a sweep, at which the other one was as old.
            assertThat(silent.readAll()).isEmpty();

            used.send(get("/b"));

            assertThat(used.readUntil("served /b")).startsWith("HTTP/1.1 200");
        }
    }

    private void warm() {
        assertThat(GatewayFixture.await(gateway.get("/warm")).status()).isEqualTo(200);
        GatewayFixture.awaitUntil(() -> gateway.metrics.active() == 0);
        plain.forgetServed();
    }

    private static void send(RawClient client, String text) {
        try {
            client.send(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n";
    }

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\n" + HOST + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
