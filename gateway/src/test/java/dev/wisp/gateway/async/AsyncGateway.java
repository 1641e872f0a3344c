package dev.wisp.gateway.async;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.WispHeaders;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.AsyncSpec;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.route.Route;
import dev.wisp.gateway.FakeNode;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.gateway.GatewayFixture.Answer;
import dev.wisp.gateway.admission.SendLimits;
import dev.wisp.gateway.metric.GatewayMetrics;
import dev.wisp.gateway.proxy.GatewayServer;
import dev.wisp.gateway.proxy.ServerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A gateway that stores calls, on any bus, with a node whose workload notes what it was asked. */
final class AsyncGateway implements AutoCloseable {

    static final String HOST = GatewayFixture.HOST;

    final Vertx vertx = Vertx.vertx();
    final FakeNode node = new FakeNode("n1", 100);
    final List<Seen> seen = new CopyOnWriteArrayList<>();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final GatewayServer server;
    final int port;
    private final Bus bus;
    private final HttpClient client = vertx.createHttpClient();
    private final AtomicReference<Responder> responder =
            new AtomicReference<>((request, dispatch, body) -> answer(request, 200, "done " + body));

    /** What the workload was asked. */
    record Seen(String service, String id, Map<String, String> headers, String body) {

        String key() {
            return headers.getOrDefault("idempotency-key", "");
        }
    }

    /** How the workload answers. */
    interface Responder {

        Future<Void> answer(HttpServerRequest request, Dispatch dispatch, String body);
    }

    AsyncGateway(Bus bus, AsyncSettings settings) {
        this.bus = bus;
        node.workload(this::serve);
        server = new GatewayServer(
                vertx,
                bus,
                new GatewayServer.Setup(
                        // As ids are made of host and port.
                        "g1:8080",
                        GatewayFixture.temporaryDirectory(),
                        quickToStop(GatewayFixture.SETTINGS),
                        GatewayFixture.LIMITS,
                        List.of(node),
                        settings,
                        SendLimits.DEFAULT),
                new GatewayMetrics(registry, 8080));
        port = GatewayFixture.await(server.start());
    }

    void respond(Responder next) {
        responder.set(next);
    }

    /** What the workload says in the node's name, which every answer of a node carries. */
    static Future<Void> answer(HttpServerRequest request, int status, String body) {
        return request.response()
                .setStatusCode(status)
                .putHeader(WispHeaders.REVISION, "hello-00001")
                .putHeader("content-type", "text/plain")
                .end(body);
    }

    AsyncGateway deploy(String service, AsyncSpec terms, ScalingSpec scaling, int concurrency) {
        RevisionSpec hello = GatewayFixture.spec(concurrency, Duration.ofSeconds(10));
        RevisionId id = new RevisionId("default", service + "-00001");
        String host = service + ".default.localhost";
        RevisionSpec spec = hello.with()
                .id(id)
                .service(service)
                .scaling(scaling)
                .async(terms)
                .build();
        GatewayFixture.await(Future.fromCompletionStage(bus.publish(Topics.REVISIONS, id.toString(), spec)));
        bus.publish(
                Topics.ROUTES, host, new Route(host, "default", service, 1, List.of(new Route.Target(id, 100, null))));
        bus.publish(
                Topics.PLANS,
                id.toString(),
                new RevisionPlan(id, 1, 0, List.of(new RevisionPlan.NodeShare("n1", 0, 1)), "test", Instant.EPOCH));
        GatewayFixture.awaitUntil(() -> server.view().plans().containsKey(id.toString())
                && server.view().routes().containsKey(host));
        return this;
    }

    AsyncGateway deploy(AsyncSpec terms) {
        return deploy("hello", terms, ScalingSpec.DEFAULT, 0);
    }

    Answer store(String path, String body) {
        return send(HttpMethod.POST, HOST, path, body, Map.of("Prefer", "respond-async"));
    }

    Answer get(String host, @Nullable String location) {
        return send(HttpMethod.GET, host, String.valueOf(location), "", Map.of());
    }

    /** The answer of a call once it is over, and once this gateway has read what is stored. */
    Answer result(@Nullable String location) {
        GatewayFixture.awaitUntil(() -> isOver(get(HOST, location)));
        return get(HOST, location);
    }

    private static boolean isOver(Answer answer) {
        return answer.status() != 503 && !"pending".equals(answer.headers().get("x-async-state"));
    }

    Answer send(HttpMethod method, String host, String path, String body, Map<String, String> headers) {
        RequestOptions options = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(port, "127.0.0.1"))
                .setHost(host)
                .setPort(port)
                .setMethod(method)
                .setURI(path);
        headers.forEach(options::putHeader);
        return GatewayFixture.await(client.request(options)
                .compose(request ->
                        GatewayFixture.answered(body.isEmpty() ? request.send() : request.send(Buffer.buffer(body)))));
    }

    @Override
    public void close() {
        GatewayFixture.await(server.stop());
        GatewayFixture.await(vertx.close());
    }

    /** Workloads that never answer are not waited for. */
    private static ServerSettings quickToStop(ServerSettings settings) {
        return new ServerSettings(
                settings.host(),
                settings.port(),
                settings.eventLoops(),
                settings.requestLineBytesMax(),
                settings.headBytesMax(),
                settings.headersMax(),
                settings.connectionsMax(),
                settings.idleTimeout(),
                settings.headTimeout(),
                Duration.ofMillis(100));
    }

    private Future<Void> serve(HttpServerRequest request, Dispatch dispatch) {
        return FakeNode.body(request).compose(body -> {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            request.headers().forEach(field -> headers.put(field.getKey(), field.getValue()));
            String service = dispatch.revision().name().replaceAll("-\\d+$", "");
            seen.add(new Seen(service, dispatch.invocationId().toString(), headers, body.toString()));
            return responder.get().answer(request, dispatch, body.toString());
        });
    }
}
