package dev.wisp.gateway;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.route.Route;
import dev.wisp.gateway.admission.HoldLimits;
import dev.wisp.gateway.metric.GatewayMetrics;
import dev.wisp.gateway.proxy.GatewayServer;
import dev.wisp.gateway.proxy.ServerSettings;
import dev.wisp.testkit.FolderTree;
import dev.wisp.testkit.MemoryBus;
import dev.wisp.testkit.RevisionSpecs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A gateway on a free port with service {@code hello} deployed, and a client for it. */
public final class GatewayFixture implements AutoCloseable {

    public static final RevisionId HELLO = new RevisionId("default", "hello-00001");
    public static final String HOST = "hello.default.localhost";
    public static final HoldLimits LIMITS = new HoldLimits(1_000, 2_000, 64 << 20, 20_000, 20, 3_000);
    public static final ServerSettings SETTINGS = new ServerSettings(
            "127.0.0.1",
            0,
            1,
            8 << 10,
            32 << 10,
            64,
            1_000,
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5));

    private static final long SECONDS_MAX = 20;

    public final Vertx vertx = Vertx.vertx();
    public final MemoryBus bus;
    public final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    public final GatewayMetrics metrics = new GatewayMetrics(registry, 8080);
    public final Path stateDirectory;
    public final GatewayServer server;
    public final int port;
    private final HttpClient client;
    private boolean closed;

    /** An answer as a test looks at it. */
    public record Answer(int status, Map<String, String> headers, String body, HttpVersion version) {}

    public GatewayFixture(NodePort... nodes) {
        this(SETTINGS, LIMITS, new MemoryBus(), temporaryDirectory(), nodes);
    }

    public GatewayFixture(HoldLimits limits, NodePort... nodes) {
        this(SETTINGS, limits, new MemoryBus(), temporaryDirectory(), nodes);
    }

    public GatewayFixture(
            ServerSettings settings, HoldLimits limits, MemoryBus bus, Path stateDirectory, NodePort... nodes) {
        this.bus = bus;
        this.stateDirectory = stateDirectory;
        this.server = new GatewayServer(
                vertx, bus, new GatewayServer.Setup("g1", stateDirectory, settings, limits, List.of(nodes)), metrics);
        this.port = await(server.start());
        this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(500));
    }

    /** Announces {@code hello} with this concurrency and timeout, and a plan of this burst on the nodes. */
    public GatewayFixture deploy(int concurrency, Duration timeout, int burst, String... nodeIds) {
        bus.publish(Topics.REVISIONS, HELLO.toString(), spec(concurrency, timeout));
        bus.publish(Topics.ROUTES, HOST, route());
        List<RevisionPlan.NodeShare> shares = Stream.of(nodeIds)
                .map(id -> new RevisionPlan.NodeShare(id, 0, burst))
                .toList();
        bus.publish(Topics.PLANS, HELLO.toString(), new RevisionPlan(HELLO, 1, 0, shares, "test", Instant.EPOCH));
        awaitUntil(() -> server.view().plans().containsKey(HELLO.toString())
                && server.view().routes().containsKey(HOST));
        return this;
    }

    /** Announces {@code hello} with two instances on {@code n1}, and that they are ready. */
    public GatewayFixture deployPair(int concurrency, FakeNode node) {
        deploy(concurrency, Duration.ofSeconds(30), 2, "n1");
        for (int instance = 1; instance <= 2; instance++) {
            node.succeed(instance);
            announce("n1-" + instance, "n1", concurrency, InstanceEvent.State.READY);
        }
        return this;
    }

    public void announce(String instanceId, String nodeId, int slots, InstanceEvent.State state) {
        bus.publish(
                Topics.INSTANCES,
                instanceId,
                new InstanceEvent(
                        instanceId, HELLO, nodeId, state, slots, 0, "test", 0, 0, Instant.now(), Instant.now()));
    }

    public Future<Answer> get(String path) {
        return send(HttpMethod.GET, path, Buffer.buffer());
    }

    public Future<Answer> send(HttpMethod method, String path, Buffer body) {
        return request(client, method, HOST, path, body);
    }

    public Future<Answer> request(HttpClient with, HttpMethod method, String host, String path, Buffer body) {
        return with.request(options(method, host, path))
                .compose(request -> answered(body.length() == 0 ? request.send() : request.send(body)));
    }

    /** A request to the gateway under any host name. */
    public RequestOptions options(HttpMethod method, String host, String path) {
        return new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(port, "127.0.0.1"))
                .setHost(host)
                .setPort(port)
                .setMethod(method)
                .setURI(path);
    }

    public HttpClient client(HttpClientOptions options) {
        return vertx.createHttpClient(options);
    }

    /** To be called on the client's event loop: elsewhere the answer may have gone by before anybody asks for its body. */
    public static Future<Answer> answered(Future<HttpClientResponse> response) {
        return response.compose(GatewayFixture::answer);
    }

    public static Future<Answer> answer(HttpClientResponse response) {
        return response.body()
                .map(body -> new Answer(response.statusCode(), headers(response), body.toString(), response.version()));
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("did not come about: " + e, e);
        }
    }

    public static void awaitUntil(Callable<Boolean> condition) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .pollDelay(Duration.ZERO)
                .atMost(Duration.ofSeconds(SECONDS_MAX))
                .until(condition);
    }

    public static RevisionSpec spec(int concurrency, Duration timeout) {
        return RevisionSpecs.of(HELLO, "hello")
                .account("account")
                .serviceUid("uid")
                .limits(new Limits(100, 64 << 20, 32, 1 << 20))
                .containerConcurrency(concurrency)
                .timeoutMillis(timeout.toMillis())
                .startTimeoutMillis(1_000)
                .build();
    }

    public static Route route() {
        return new Route(HOST, "default", "hello", 1, List.of(new Route.Target(HELLO, 100, null)));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            await(server.stop());
            await(vertx.close());
        }
    }

    private static Map<String, String> headers(HttpClientResponse response) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers().forEach(field -> headers.put(field.getKey(), field.getValue()));
        return headers;
    }

    /** A folder that is gone, with all that is in it, when the tests are over. */
    public static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory(Folders.ROOT, "gateway");
        } catch (IOException e) {
            throw new IllegalStateException("no temporary directory", e);
        }
    }

    private static final class Folders {

        static final Path ROOT = root();

        private static Path root() {
            try {
                Path root = Files.createTempDirectory("wisp-gateway-test");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(root)));
                return root;
            } catch (IOException e) {
                throw new IllegalStateException("no temporary directory", e);
            }
        }

        private static void delete(Path root) {
            try {
                FolderTree.delete(root);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove " + root, e);
            }
        }
    }
}
