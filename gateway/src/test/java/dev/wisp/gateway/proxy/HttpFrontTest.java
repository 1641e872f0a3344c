package dev.wisp.gateway.proxy;

import static dev.wisp.gateway.GatewayFixture.HOST;
import static dev.wisp.gateway.GatewayFixture.LIMITS;
import static dev.wisp.gateway.GatewayFixture.SETTINGS;
import static dev.wisp.gateway.GatewayFixture.await;
import static dev.wisp.gateway.GatewayFixture.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.route.Route;
import dev.wisp.gateway.FakeNode;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.GatewayFixture.Answer;
import dev.wisp.gateway.RawClient;
import dev.wisp.testkit.MemoryBus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpFrontTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private FakeNode node;
    private GatewayFixture gateway;

    @BeforeEach
    void open() {
        node = new FakeNode("n1", 0);
        gateway = new GatewayFixture(node).deploy(0, TIMEOUT, 5, "n1");
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void namesTheHostThatNobodyAnswersFor() {
        Answer answer =
                await(gateway.request(plain(), HttpMethod.GET, "Nobody.default.localhost", "/", Buffer.buffer()));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body())
                .contains("E1401")
                .contains("no service answers at host nobody.default.localhost")
                .contains("wisp deploy nobody");
        assertThat(answer.headers()).containsKeys("x-invocation-id", "server-timing");
    }

    @Test
    void holdsARequestUntilTheRouteOfItsServiceArrives() {
        String host = "soon.default.localhost";
        gateway.bus.publish(Topics.ROUTES, host, new Route(host, "default", "soon", 1, List.of()));
        awaitUntil(() -> gateway.server.view().routes().containsKey(host));

        Future<Answer> held = gateway.request(plain(), HttpMethod.GET, host, "/", Buffer.buffer());
        awaitUntil(() -> gateway.metrics.active() == 1);
        gateway.bus.publish(
                Topics.ROUTES,
                host,
                new Route(host, "default", "soon", 2, List.of(new Route.Target(GatewayFixture.HELLO, 100, null))));

        assertThat(await(held).status()).isEqualTo(200);
    }

    @Test
    void saysThatNoRevisionIsReady() {
        String host = "young.default.localhost";
        gateway.bus.publish(Topics.ROUTES, host, new Route(host, "default", "young", 1, List.of()));
        awaitUntil(() -> gateway.server.view().routes().containsKey(host));

        Answer answer = await(gateway.request(plain(), HttpMethod.GET, host, "/", Buffer.buffer()));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("E1402").contains("service young in namespace default");
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/1.1,                                          Hello.default.localhost:8080, 200",
        "GET / HTTP/1.1,                                          hello.default.localhost.,     200",
        "GET http://hello.default.localhost/x HTTP/1.1,           other.default.localhost,      200",
        "GET http://HELLO.default.localhost:99/x?y=1 HTTP/1.1,    other.default.localhost,      200",
        "OPTIONS * HTTP/1.1,                                      hello.default.localhost,      200",
        "GET http://u@hello.default.localhost/ HTTP/1.1,          hello.default.localhost,      400",
        "GET ftp://hello.default.localhost/ HTTP/1.1,             hello.default.localhost,      400",
        "GET hello HTTP/1.1,                                      hello.default.localhost,      400",
        "CONNECT hello.default.localhost:80 HTTP/1.1,             hello.default.localhost,      400",
        "GET / HTTP/1.0,                                          hello.default.localhost,      200",
    })
    void routesByWhateverFormTheHostIsGivenIn(String line, String host, int status) throws IOException {
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(line + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.").contains(" " + status + " ");
        }
    }

    @Test
    void passesAnAbsoluteTargetOnAsPathAndQuery() throws IOException {
        node.workload((request, dispatch) -> {
            request.resume();
            return request.response().end(request.uri() + " " + request.getHeader("host"));
        });
        try (RawClient client = new RawClient(gateway.port)) {
            client.send(
                    "GET http://hello.default.localhost:80/a?b=c HTTP/1.1\r\nHost: evil\r\nConnection: close\r\n\r\n");

            assertThat(client.readAll()).endsWith("/a?b=c hello.default.localhost:80");
        }
    }

    @Test
    void dropsACallersCopiesOfPlatformFields() {
        AtomicReference<HttpServerRequest> seen = new AtomicReference<>();
        node.workload((request, dispatch) -> {
            seen.set(request);
            request.resume();
            return request.response().end();
        });
        await(plain().request(gateway.options(HttpMethod.GET, HOST, "/"))
                .compose(request -> GatewayFixture.answered(request.putHeader("X-Invocation-Id", "forged")
                        .putHeader("x-cost", "0")
                        .putHeader("x-wisp-dispatch", "e30")
                        .putHeader("x-custom", "kept")
                        .send())));

        assertThat(seen.get().headers().names())
                .contains("x-custom")
                .doesNotContain("X-Invocation-Id", "x-invocation-id", "x-cost", "x-wisp-dispatch");
    }

    @Test
    void streamsARequestBodyWhileItIsStillBeingSent() throws IOException {
        node.workload(HttpFrontTest::echoChunks);
        try (RawClient client = new RawClient(gateway.port)) {
            client.send("POST / HTTP/1.1\r\nHost: " + HOST + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("5\r\nfirst\r\n");
            client.readUntil("first\r\n");
            client.send("6\r\nsecond\r\n");
            client.readUntil("second\r\n");
            client.send("0\r\n\r\n");

            assertThat(client.readUntil("0\r\n\r\n")).isNotEmpty();
        }
    }

    @Test
    void passesALargeBodyThroughUnchanged() {
        node.workload((request, dispatch) ->
                FakeNode.body(request).compose(body -> request.response().end(body)));
        Buffer body = Buffer.buffer(new byte[3 << 20]).setByte(1 << 20, (byte) 7);

        Answer answer = await(gateway.send(HttpMethod.PUT, "/", body));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().length()).isEqualTo(body.length());
    }

    @Test
    void readsNothingOfABodyWhileTheRequestIsHeld() {
        node.keepStartsWaiting();
        node.workload((request, dispatch) ->
                FakeNode.body(request).compose(body -> request.response().end("got " + body.length())));
        Future<Answer> held = gateway.send(HttpMethod.POST, "/", Buffer.buffer(new byte[1 << 20]));
        awaitUntil(() -> gateway.metrics.queueDepth() == 1);

        node.releaseStarts();

        assertThat(await(held).body()).isEqualTo("got " + (1 << 20));
    }

    @Test
    void keepsAConnectionForFurtherRequests() throws IOException {
        try (RawClient client = new RawClient(gateway.port)) {
            for (int call = 0; call < 3; call++) {
                client.send("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
                assertThat(client.readUntil("n1-1")).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        node.workload((request, dispatch) -> {
            request.resume();
            return request.response().end(request.path() + ";");
        });
        try (RawClient client = new RawClient(gateway.port)) {
            client.send("GET /1 HTTP/1.1\r\nHost: " + HOST + "\r\n\r\nGET /2 HTTP/1.1\r\nHost: " + HOST
                    + "\r\n\r\nGET /3 HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: close\r\n\r\n");

            assertThat(client.readAll().replaceAll("(?s)[^;]*?(/\\d);", "$1")).isEqualTo("/1/2/3");
        }
    }

    @Test
    void invitesABodyThatIsExpectedToBeInvited() throws IOException {
        node.workload((request, dispatch) ->
                FakeNode.body(request).compose(body -> request.response().end("got " + body)));
        try (RawClient client = new RawClient(gateway.port)) {
            client.send("POST / HTTP/1.1\r\nHost: " + HOST + "\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100");
            client.send("body");

            assertThat(client.readUntil("got body")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void doesNotInviteABodyThatNobodyWillRead() throws IOException {
        try (RawClient client = new RawClient(gateway.port)) {
            client.send("POST / HTTP/1.1\r\nHost: nobody\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 404").contains("connection: close");
        }
    }

    @Test
    void answersBeforeAnUnreadBodyAndCloses() throws IOException {
        try (RawClient client = new RawClient(gateway.port)) {
            client.send("POST / HTTP/1.1\r\nHost: nobody\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));
            client.send("GET /smuggled HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");

            String all = client.readAll();

            assertThat(all).startsWith("HTTP/1.1 404").containsOnlyOnce("HTTP/1.1");
            assertThat(node.dispatches()).isEmpty();
        }
    }

    @Test
    void speaksHttp2WithPriorKnowledge() {
        Answer answer = await(gateway.request(http2(false), HttpMethod.GET, HOST, "/", Buffer.buffer()));

        assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(answer.body()).isEqualTo("n1-1");
    }

    @Test
    void speaksHttp2AfterAnUpgrade() {
        Answer answer = await(gateway.request(http2(true), HttpMethod.GET, HOST, "/", Buffer.buffer()));

        assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(answer.body()).isEqualTo("n1-1");
    }

    @Test
    void streamsABodyOverHttp2() {
        node.workload((request, dispatch) ->
                FakeNode.body(request).compose(body -> request.response().end(body)));

        Answer answer =
                await(gateway.request(http2(false), HttpMethod.POST, HOST, "/", Buffer.buffer("x".repeat(300_000))));

        assertThat(answer.body()).hasSize(300_000);
    }

    @Test
    void answersAnUnknownHostOverHttp2WithoutReadingTheBody() {
        Answer answer =
                await(gateway.request(http2(false), HttpMethod.POST, "nobody", "/", Buffer.buffer("x".repeat(3_000))));

        assertThat(answer.status()).isEqualTo(404);
    }

    @Test
    void sendsNoBodyInAnswerToHead() throws IOException {
        try (RawClient client = new RawClient(gateway.port)) {
            client.send("HEAD / HTTP/1.1\r\nHost: nobody\r\nConnection: close\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 404").endsWith("\r\n\r\n");
        }
    }

    @Test
    void reportsDemandAtOnceAndWhenItEnded() {
        List<DemandReport> reports = new CopyOnWriteArrayList<>();
        gateway.bus.subscribe(Topics.DEMAND, (key, report) -> {
            if (report != null) {
                reports.add(report);
            }
        });
        node.keepStartsWaiting();
        Future<Answer> held = gateway.get("/");
        awaitUntil(() -> !reports.isEmpty());
        assertThat(reports.getFirst()).returns(1, DemandReport::queued).returns(1L, DemandReport::arrivals);

        node.releaseStarts();
        await(held);

        awaitUntil(() -> reports.getLast().inFlight() + reports.getLast().queued() == 0);
        assertThat(reports.getLast().gatewayId()).isEqualTo("g1");
    }

    @Test
    void servesOnWithTheBusCut() {
        await(gateway.get("/"));
        gateway.bus.cut();

        assertThat(await(gateway.get("/")).status()).isEqualTo(200);

        awaitUntil(() -> gateway.registry
                        .get("wisp.gateway.demand.reports.dropped")
                        .counter()
                        .count()
                > 0);
    }

    @Test
    void servesColdAfterARestartWithTheBusCut() {
        awaitUntil(
                () -> gateway.stateDirectory.resolve("platform.json").toFile().exists());
        gateway.close();
        MemoryBus away = new MemoryBus();
        away.cut();
        FakeNode again = new FakeNode("n1", 0);

        try (GatewayFixture restarted = new GatewayFixture(SETTINGS, LIMITS, away, gateway.stateDirectory, again)) {
            assertThat(await(restarted.get("/")).body()).isEqualTo("n1-1");
        }
    }

    @Test
    void finishesWhatItHasWhenItStops() {
        Promise<Void> finish = Promise.promise();
        node.workload((request, dispatch) -> {
            request.resume();
            return finish.future().compose(ignored -> request.response().end("late"));
        });
        Future<Answer> inFlight = gateway.get("/");
        awaitUntil(() -> node.inFlight() == 1);

        Future<Void> stopped = gateway.server.stop();
        awaitUntil(this::isTurnedAway);
        finish.complete();

        assertThat(await(inFlight).body()).isEqualTo("late");
        await(stopped);
    }

    @Test
    void namesThePortThatIsTaken() {
        ServerSettings taken = new ServerSettings(
                "127.0.0.1", gateway.port, 1, 8192, 8192, 64, 10, TIMEOUT, TIMEOUT, Duration.ofSeconds(1));

        assertThatThrownBy(() ->
                        new GatewayFixture(taken, LIMITS, new MemoryBus(), GatewayFixture.temporaryDirectory(), node))
                .hasRootCauseInstanceOf(BindException.class);
    }

    @Test
    void closesAConnectionWhoseHeadNeverEnds() throws IOException {
        ServerSettings impatient = new ServerSettings(
                "127.0.0.1", 0, 1, 8192, 8192, 64, 10, TIMEOUT, Duration.ofMillis(1), Duration.ofSeconds(1));
        try (GatewayFixture other = new GatewayFixture(
                        impatient, LIMITS, new MemoryBus(), GatewayFixture.temporaryDirectory(), node);
                RawClient client = new RawClient(other.port)) {
            client.send("GET / HTTP/1.1\r\nHost: ");

            assertThat(client.readAll()).isEmpty();
        }
    }

    @Test
    void turnsConnectionsAwayBeyondTheBound() throws IOException {
        ServerSettings small =
                new ServerSettings("127.0.0.1", 0, 1, 8192, 8192, 64, 1, TIMEOUT, TIMEOUT, Duration.ofSeconds(1));
        try (GatewayFixture other =
                        new GatewayFixture(small, LIMITS, new MemoryBus(), GatewayFixture.temporaryDirectory(), node);
                RawClient first = new RawClient(other.port)) {
            first.send("GET / HTTP/1.1\r\nHost: nobody\r\n\r\n").readUntil("\r\n\r\n");
            try (RawClient second = new RawClient(other.port)) {
                second.send("GET / HTTP/1.1\r\nHost: nobody\r\n\r\n");

                assertThat(second.readAll()).isEmpty();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void sharesThePortBetweenEventLoops() {
        int port = freePort();
        ServerSettings settings =
                new ServerSettings("127.0.0.1", port, 2, 8192, 8192, 64, 100, TIMEOUT, TIMEOUT, Duration.ofSeconds(1));
        FakeNode own = new FakeNode("n1", 1);
        try (GatewayFixture other = new GatewayFixture(
                        settings, LIMITS, new MemoryBus(), GatewayFixture.temporaryDirectory(), own)
                .deploy(1, TIMEOUT, 3, "n1")) {
            List<Future<Answer>> calls = new ArrayList<>();
            for (int call = 0; call < 60; call++) {
                calls.add(other.get("/"));
            }

            await(Future.all(calls));

            assertThat(own.inFlightPeak()).isEqualTo(1);
            assertThat(own.startsAsked()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void countsRequestsByMethodAndStatus() {
        await(gateway.get("/"));
        await(gateway.request(plain(), HttpMethod.GET, "nobody", "/", Buffer.buffer()));
        await(gateway.request(plain(), HttpMethod.valueOf("BREW"), "nobody", "/", Buffer.buffer()));
        awaitUntil(() -> gateway.metrics.active() == 0);

        assertThat(counted("GET", "200")).isEqualTo(1);
        assertThat(counted("GET", "404")).isEqualTo(1);
        assertThat(counted("_OTHER", "404")).isEqualTo(1);
    }

    private long counted(String method, String status) {
        return gateway.registry
                .get("http.server.request.duration")
                .tag("listener", "gateway")
                .tag("http_request_method", method)
                .tag("http_response_status_code", status)
                .timer()
                .count();
    }

    @Test
    void answersWhenANodeBreaksItsPromiseNotToFail() {
        node.workload((request, dispatch) -> request.response().end("x"));
        node.onStart(start -> {
            throw new IllegalStateException("node bug");
        });
        Future<Answer> call = gateway.get("/");
        awaitUntil(() -> node.startsAsked() > 2);
        node.onStart(node::succeed);

        assertThat(await(call).status()).isEqualTo(200);
    }

    private boolean isTurnedAway() {
        try (RawClient client = new RawClient(gateway.port)) {
            client.send("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n");
            return client.readAll().isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Future<Void> echoChunks(HttpServerRequest request, Dispatch dispatch) {
        request.response().setChunked(true);
        return request.pipeTo(request.response());
    }

    private HttpClient plain() {
        return gateway.client(new HttpClientOptions());
    }

    private HttpClient http2(boolean upgrade) {
        return gateway.client(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(upgrade));
    }
}
