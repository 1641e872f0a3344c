package dev.wisp.gateway.proxy;

import static dev.wisp.gateway.GatewayFixture.HOST;
import static dev.wisp.gateway.GatewayFixture.await;
import static dev.wisp.gateway.GatewayFixture.awaitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.StartInstance;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.gateway.FakeNode;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.GatewayFixture.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteNodeTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger starts = new AtomicInteger();
    private final List<Dispatch> dispatches = new CopyOnWriteArrayList<>();
    private final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger breaks = new AtomicInteger();
    private volatile boolean failing;
    private volatile NodeWire.@Nullable StartReply startReply;
    private GatewayFixture gateway;
    private HttpServer node;

    @BeforeEach
    void open() {
        node = await(vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1"));
        gateway = new GatewayFixture().deploy(1, TIMEOUT, 3, "far");
        gateway.bus.publish(
                Topics.NODES,
                "far",
                new NodeStatus(
                        "far", "127.0.0.1:" + node.actualPort(), 1000, 1, 1, 10, 0, true, Map.of(), Instant.EPOCH));
        awaitUntil(() -> gateway.server.view().nodes().containsKey("far"));
    }

    @AfterEach
    void close() {
        gateway.close();
        await(vertx.close());
    }

    @Test
    void startsAndServesOnANodeOfAnotherHost() {
        Answer answer = await(gateway.send(HttpMethod.POST, "/echo?a=b", Buffer.buffer("hello")));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("/echo?a=b hello");
        assertThat(answer.headers()).containsEntry("x-from", "workload");
        assertThat(dispatches.getFirst().instanceId()).isEqualTo("far-1");
        assertThat(dispatches.getFirst().cold()).isEqualTo(FakeNode.TIMING);
        assertThat(String.valueOf(requests.getFirst().authority())).startsWith(HOST);
    }

    @Test
    void sendsTheWholeBodyToTheNextInstanceWhenOneRefuses() {
        refusals.set(2);

        Answer answer = await(gateway.send(HttpMethod.POST, "/", Buffer.buffer("x".repeat(200_000))));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).hasSize(200_000 + 2);
        assertThat(starts.get()).isEqualTo(3);
    }

    @Test
    void sendsAShortBodyAgainWhenAnInstanceBreaksOff() {
        breaks.set(1);

        Answer answer = await(gateway.send(HttpMethod.PUT, "/", Buffer.buffer("state")));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("/ state");
        assertThat(dispatches).extracting(Dispatch::brokenBefore).containsExactly(0, 1);
        assertThat(dispatches).extracting(Dispatch::repeatable).containsExactly(true, false);
    }

    @Test
    void knowsAnAnswerOfTheNodesFromOneOfTheWorkloads() {
        failing = true;

        Answer answer = await(gateway.send(HttpMethod.POST, "/", Buffer.buffer("x")));

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.headers()).doesNotContainKey(NodeWire.FAILED);
        awaitUntil(() -> gateway.registry
                        .get("wisp.gateway.broken.calls")
                        .tag("then", "not_idempotent")
                        .counter()
                        .count()
                == 1);
    }

    @Test
    void sendsARequestWithoutABodyAgainWhenAnInstanceBreaksOff() {
        breaks.set(1);

        assertThat(await(gateway.get("/again")).body()).isEqualTo("/again ");
        assertThat(dispatches).hasSize(2);
    }

    @Test
    void passesOnWhyTheWorkloadDidNotStart() {
        startReply = new NodeWire.StartReply(
                "failed", null, 0, null, null, null, Problem.of(ErrorCode.ENTRYPOINT_NOT_FOUND, "no /hello"));

        Answer answer = await(gateway.get("/"));

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.body()).contains("E1201").contains("no /hello");
    }

    @Test
    void takesANodeThatCannotBeReachedForOneThatRefuses() {
        UnreachableNodes unreachable = new UnreachableNodes(System::nanoTime);
        RemoteNode nowhere = new RemoteNode(gateway.vertx.createHttpClient(), "gone", "127.0.0.1:1", unreachable);

        StartOutcome outcome = await(nowhere.start(new StartInstance(GatewayFixture.HELLO, "g1")));

        assertThat(outcome).isInstanceOfSatisfying(StartOutcome.Refused.class, refused -> {
            assertThat(refused.refusal()).isEqualTo(StartOutcome.Refusal.UNREACHABLE);
            assertThat(refused.detail()).contains("gone").contains("127.0.0.1:1");
        });
    }

    private void serve(HttpServerRequest request) {
        if (NodeWire.START_PATH.equals(request.path())) {
            start(request);
        } else if (refusals.getAndDecrement() > 0) {
            request.response()
                    .setStatusCode(NodeWire.REFUSED_STATUS)
                    .putHeader(NodeWire.REFUSED, "going")
                    .end();
        } else {
            proxy(request);
        }
    }

    private void start(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            WireJson.read(body.getBytes(), StartInstance.class);
            NodeWire.StartReply reply = startReply;
            request.response()
                    .end(Buffer.buffer(WireJson.write(reply != null ? reply : started(starts.incrementAndGet()))));
        });
    }

    private void proxy(HttpServerRequest request) {
        requests.add(request);
        dispatches.add(
                WireJson.read(Base64.getUrlDecoder().decode(request.getHeader(NodeWire.DISPATCH)), Dispatch.class));
        if (request.getHeader("expect") != null) {
            request.response().writeContinue();
        }
        if (breaks.getAndDecrement() > 0) {
            request.body()
                    .onSuccess(body -> request.response()
                            .setStatusCode(NodeWire.REFUSED_STATUS)
                            .putHeader(NodeWire.REFUSED, "it broke off")
                            .putHeader(NodeWire.WHY, NodeWire.BROKEN)
                            .end());
            return;
        }
        if (failing) {
            request.response().putHeader(NodeWire.FAILED, "1");
        }
        request.body()
                .onSuccess(body -> request.response()
                        .setStatusCode(failing ? 502 : 201)
                        .putHeader("x-from", "workload")
                        .end(request.uri() + " " + body));
    }

    private static NodeWire.StartReply started(int start) {
        return new NodeWire.StartReply("started", "far-" + start, 1, FakeNode.TIMING, null, null, null);
    }
}
