package dev.wisp.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.wisp.contracts.async.AsyncCall;
import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.event.WebhookOrigins;
import dev.wisp.contracts.revision.AsyncSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.GatewayFixture.Answer;
import dev.wisp.gateway.RawClient;
import dev.wisp.testkit.MemoryBus;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AsyncInvocationTest {

    private static final AsyncSpec TERMS = new AsyncSpec(2, 60_000, null, null);

    private final MemoryBus bus = new MemoryBus();
    private AsyncGateway gateway = new AsyncGateway(bus, Calls.SETTINGS);

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void isStoredAnsweredMadeAndTold() {
        gateway.deploy(TERMS);

        Answer stored = gateway.send(
                HttpMethod.POST,
                AsyncGateway.HOST,
                "/work?n=1",
                "input",
                Map.of("Prefer", "respond-async", "X-Mine", "kept", "Connection", "keep-alive"));
        Answer result = gateway.result(stored.headers().get("Location"));

        String id = stored.headers().get("X-Invocation-Id");
        assertThat(stored.status()).isEqualTo(202);
        assertThat(stored.headers()).containsEntry("Location", "/_wisp/async/" + id);
        assertThat(stored.headers()).containsEntry("Preference-Applied", "respond-async");
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.body()).isEqualTo("done input");
        assertThat(result.headers())
                .containsEntry("content-type", "text/plain")
                .containsEntry("x-async-state", "succeeded");
        assertThat(gateway.seen).singleElement().satisfies(seen -> {
            assertThat(seen.id()).isEqualTo(id);
            assertThat(seen.key()).isEqualTo(id);
            assertThat(seen.headers()).containsEntry("x-mine", "kept").doesNotContainKeys("prefer", "x-wisp-async");
        });
    }

    @Test
    void isToldApartFromACallWhoseCallerWaits() {
        gateway.deploy(TERMS);
        List<Boolean> stored = new CopyOnWriteArrayList<>();
        gateway.respond((request, dispatch, body) -> {
            stored.add(dispatch.stored());
            return AsyncGateway.answer(request, 200, body);
        });

        gateway.result(gateway.store("/", "x").headers().get("Location"));
        gateway.send(HttpMethod.POST, AsyncGateway.HOST, "/", "y", Map.of("X-Wisp-Async", "made:up"));

        assertThat(stored).containsExactly(true, false);
    }

    @Test
    void isTriedAgainUnderTheSameKeyWithARecordForEachAttempt() {
        gateway.deploy(TERMS);
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        gateway.respond((request, dispatch, body) -> {
            attempts.add(dispatch.attempt());
            return attempts.size() < 3
                    ? AsyncGateway.answer(request, 503, "not yet")
                    : AsyncGateway.answer(request, 201, "made");
        });

        Answer stored = gateway.store("/", "x");
        Answer result = gateway.result(stored.headers().get("Location"));

        assertThat(result.status()).isEqualTo(201);
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(gateway.seen).hasSize(3);
        assertThat(gateway.seen)
                .extracting(AsyncGateway.Seen::key)
                .containsOnly(stored.headers().get("X-Invocation-Id"));
        assertThat(gateway.seen).extracting(AsyncGateway.Seen::id).doesNotHaveDuplicates();
    }

    @Test
    void whatIsGivenUpIsADeadLetterAndItsDestinationIsTold() {
        List<AsyncInvocation> letters = new CopyOnWriteArrayList<>();
        bus.subscribe(Topics.DEAD_LETTERS, (id, letter) -> letters.add(letter));
        gateway.deploy(new AsyncSpec(1, 60_000, null, "audit")).deploy("audit", TERMS, ScalingSpec.DEFAULT, 0);
        gateway.respond((request, dispatch, body) ->
                AsyncGateway.answer(request, dispatch.revision().name().startsWith("audit") ? 204 : 500, "no"));

        Answer stored = gateway.store("/", "x");
        Answer result = gateway.result(stored.headers().get("Location"));
        GatewayFixture.awaitUntil(
                () -> gateway.seen.stream().anyMatch(seen -> seen.service().equals("audit")));

        assertThat(result.status()).isEqualTo(500);
        assertThat(result.headers()).containsEntry("x-async-state", "failed");
        assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.id()).isEqualTo(stored.headers().get("X-Invocation-Id"));
            assertThat(letter.call())
                    .extracting(AsyncCall::lastFailure)
                    .asString()
                    .contains("500 at the last of 2 attempts");
        });
        AsyncGateway.Seen told = gateway.seen.getLast();
        JsonNode event = WireJson.read(told.body().getBytes(StandardCharsets.UTF_8), JsonNode.class);
        assertThat(told.headers().get("content-type")).startsWith("application/cloudevents+json");
        assertThat(event.path("type").asText()).isEqualTo(OutcomeEvent.FAILED);
        assertThat(event.path("source").asText()).isEqualTo("/namespaces/default/services/hello");
        assertThat(event.path("subject").asText()).isEqualTo(stored.headers().get("X-Invocation-Id"));
        assertThat(event.at("/data/response/status").asInt()).isEqualTo(500);
        assertThat(event.at("/data/attempts").asInt()).isEqualTo(2);
    }

    @Test
    void aWebhookGoesOnlyWhereTheOperatorAllowsAndIsSigned() throws IOException {
        List<Map<String, String>> taken = new CopyOnWriteArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            taken.add(Map.of(
                    "path", exchange.getRequestURI().getPath(),
                    "signature", exchange.getRequestHeaders().getFirst("webhook-signature"),
                    "body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        String origin = "http://127.0.0.1:" + receiver.getAddress().getPort();
        gateway.close();
        gateway = new AsyncGateway(bus, withWebhooks(origin));
        gateway.deploy(new AsyncSpec(0, 60_000, origin + "/ok", "http://localhost:1/never"));

        gateway.result(gateway.store("/", "x").headers().get("Location"));
        GatewayFixture.awaitUntil(() -> !taken.isEmpty());
        gateway.respond((request, dispatch, body) -> AsyncGateway.answer(request, 400, ""));
        gateway.result(gateway.store("/", "x").headers().get("Location"));
        GatewayFixture.awaitUntil(() -> gateway.registry
                        .get("wisp.gateway.async.attempts")
                        .tag("result", "retried")
                        .counter()
                        .count()
                > 0);

        assertThat(taken).singleElement().satisfies(event -> {
            assertThat(event.get("path")).isEqualTo("/ok");
            assertThat(event.get("signature")).startsWith("v1,");
            assertThat(event.get("body")).contains(OutcomeEvent.SUCCEEDED, "done x");
        });
        receiver.stop(0);
    }

    @Test
    void nothingIsPromisedWhileNothingCanBeStored() {
        gateway.deploy(TERMS);
        bus.cut();

        Answer refused = gateway.store("/", "x");
        Answer waited = gateway.send(HttpMethod.POST, AsyncGateway.HOST, "/", "x", Map.of());

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).contains("E1423");
        assertThat(refused.headers()).containsKey("Retry-After");
        assertThat(waited.status()).as("who waits is served all the same").isEqualTo(200);
        assertThat(gateway.seen).hasSize(1);
    }

    @Test
    void anOutcomeThatCannotBeStoredNowIsStoredLater() {
        gateway.deploy(TERMS);
        Promise<Void> gate = Promise.promise();
        gateway.respond(
                (request, dispatch, body) -> gate.future().compose(open -> AsyncGateway.answer(request, 200, "late")));
        Answer stored = gateway.store("/", "x");
        GatewayFixture.awaitUntil(() -> !gateway.seen.isEmpty());

        bus.cut();
        gate.complete();
        GatewayFixture.awaitUntil(() -> gateway.node.inFlight() == 0);
        bus.restore();

        assertThat(gateway.result(stored.headers().get("Location")).body()).isEqualTo("late");
        assertThat(gateway.seen).hasSize(1);
    }

    @Test
    void bodiesAreBoundedWhetherTheyHaveALengthOrNot() throws IOException {
        gateway.deploy(TERMS);
        String head = "POST / HTTP/1.1\r\nHost: hello.default.localhost\r\nPrefer: respond-async\r\n";

        Answer long1 = gateway.store("/", "x".repeat(Calls.SETTINGS.bodyBytesMax() + 1));
        Answer fits = gateway.store("/", "x".repeat(Calls.SETTINGS.bodyBytesMax()));
        String chunked;
        try (RawClient raw = new RawClient(gateway.port)) {
            raw.send(head + "Transfer-Encoding: chunked\r\n\r\n11000\r\n" + "x".repeat(0x11000) + "\r\n0\r\n\r\n");
            chunked = raw.readAll();
        }
        String invited;
        try (RawClient raw = new RawClient(gateway.port)) {
            raw.send(head + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            raw.readUntil("100 Continue\r\n\r\n");
            raw.send("hi");
            invited = raw.readUntil("\"}");
        }

        assertThat(long1.status()).isEqualTo(413);
        assertThat(long1.body()).contains("E1421");
        assertThat(fits.status()).isEqualTo(202);
        assertThat(chunked).startsWith("HTTP/1.1 413");
        assertThat(invited).contains("202 Accepted");
    }

    @Test
    void anAnswerThatIsTooLongIsNotKept() {
        gateway.deploy(TERMS);
        gateway.respond((request, dispatch, body) ->
                AsyncGateway.answer(request, 200, "x".repeat(Calls.SETTINGS.resultBytesMax() + 1)));

        Answer result = gateway.result(gateway.store("/", "x").headers().get("Location"));

        assertThat(result.status()).isEqualTo(502);
        assertThat(result.body()).contains("E1426", "answered with 200");
    }

    @Test
    void theBacklogIsBounded() {
        gateway.deploy(TERMS);
        gateway.respond((request, dispatch, body) -> Promise.<Void>promise().future());
        for (int i = 0; i < 50; i++) {
            assertThat(gateway.store("/", "").status()).isEqualTo(202);
        }

        Answer refused = gateway.store("/", "");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body()).contains("E1422");
        assertThat(refused.headers()).containsKey("Retry-After");
        assertThat(gateway.node.inFlight()).isLessThanOrEqualTo(Calls.SETTINGS.serviceInFlightMax());
    }

    @Test
    void whoWaitsFindsASlotBesideABacklog() {
        gateway.deploy("hello", TERMS, maxScale(1), 4);
        gateway.respond((request, dispatch, body) ->
                body.equals("async") ? Promise.<Void>promise().future() : AsyncGateway.answer(request, 200, "at once"));
        for (int i = 0; i < 20; i++) {
            gateway.store("/", "async");
        }
        GatewayFixture.awaitUntil(() -> gateway.node.inFlight() == 2);

        Answer answer = gateway.send(HttpMethod.POST, AsyncGateway.HOST, "/", "sync", Map.of());

        assertThat(answer.body()).isEqualTo("at once");
        assertThat(gateway.node.inFlightPeak()).isLessThanOrEqualTo(3);
    }

    @Test
    void onlyTheServiceTellsOfItsCalls() {
        gateway.deploy(TERMS).deploy("other", TERMS, ScalingSpec.DEFAULT, 0);
        String location = String.valueOf(gateway.store("/", "x").headers().get("Location"));
        gateway.result(location);

        Answer elsewhere = gateway.get("other.default.localhost", location);
        Answer unknown = gateway.get(AsyncGateway.HOST, "/_wisp/async/" + UUID.randomUUID());
        Answer written = gateway.send(HttpMethod.POST, AsyncGateway.HOST, location, "x", Map.of());
        Answer head = gateway.send(HttpMethod.HEAD, AsyncGateway.HOST, location, "", Map.of());

        assertThat(elsewhere.status()).isEqualTo(404);
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body()).contains("E1424");
        assertThat(written.status()).isEqualTo(405);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void nobodyElseChoosesAnInvocationId() {
        gateway.deploy(TERMS);
        String mine = UUID.randomUUID().toString();

        gateway.send(
                HttpMethod.GET,
                AsyncGateway.HOST,
                "/",
                "",
                Map.of("X-Wisp-Async", "0".repeat(64) + ":" + mine, "X-Invocation-Id", mine));

        assertThat(gateway.seen).singleElement().satisfies(seen -> {
            assertThat(seen.id()).isNotEqualTo(mine);
            assertThat(seen.headers()).doesNotContainKey("x-wisp-async");
        });
    }

    @Test
    void aGatewayThatDiesLeavesItsCallsToTheNext() {
        gateway.deploy(TERMS);
        gateway.respond((request, dispatch, body) -> Promise.<Void>promise().future());
        List<Answer> stored = List.of(gateway.store("/", "a"), gateway.store("/", "b"), gateway.store("/", "c"));
        GatewayFixture.awaitUntil(() -> gateway.seen.size() == 3);

        try (AsyncGateway next = new AsyncGateway(bus, Calls.SETTINGS)) {
            next.deploy(TERMS);
            bus.passOn("wisp-gateway-async");

            for (Answer answer : stored) {
                assertThat(next.result(answer.headers().get("Location")).body()).startsWith("done ");
            }
            assertThat(next.seen)
                    .extracting(AsyncGateway.Seen::id)
                    .containsExactlyInAnyOrderElementsOf(stored.stream()
                            .map(answer -> answer.headers().get("X-Invocation-Id"))
                            .toList());
        }
    }

    @Test
    void aCallWhoseAnswerIsNotWaitedForLongerThanItsAgeIsGivenUp() {
        gateway.deploy(new AsyncSpec(20, 1_000, null, null));
        gateway.respond((request, dispatch, body) -> request.connection().close());

        Answer result = gateway.result(gateway.store("/", "x").headers().get("Location"));

        assertThat(result.status()).isEqualTo(504);
        assertThat(result.body()).contains("E1425");
    }

    private static ScalingSpec maxScale(int max) {
        return ScalingSpec.DEFAULT.withMaxScale(max);
    }

    private static AsyncSettings withWebhooks(String origin) {
        AsyncSettings settings = Calls.SETTINGS;
        return new AsyncSettings(
                settings.bodyBytesMax(),
                settings.resultBytesMax(),
                settings.callsMax(),
                settings.callsBytesMax(),
                settings.resultsBytesMax(),
                settings.accountPercentMax(),
                settings.inFlightMax(),
                settings.serviceInFlightMax(),
                settings.resultTtl(),
                settings.backoffBase(),
                settings.backoffMax(),
                new WebhookOrigins(Set.of(origin)),
                "0123456789abcdef");
    }
}
