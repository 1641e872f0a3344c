package dev.wisp.node.metering;

import static org.awaitility.Awaitility.await;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.NodeCpu;
import dev.wisp.contracts.invocation.TimeCodec;
import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.fake.FakeContainer;
import dev.wisp.node.fake.FakeNode;
import dev.wisp.node.instance.NodeAgent;
import dev.wisp.node.log.LogStore;
import dev.wisp.node.metering.MeteringProxy.Origin;
import dev.wisp.node.report.Journal;
import dev.wisp.node.report.JournalSettings;
import dev.wisp.node.report.Shipper;
import dev.wisp.node.sandbox.BranchUsage;
import dev.wisp.node.trace.Tracing;
import dev.wisp.testkit.MemoryBus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A gateway of ten lines in front of a real proxy, journal and shipper, with one instance of {@code hello} running. */
final class ProxyFixture implements AutoCloseable {

    final Journal journal;
    final NodeAgent agent;
    volatile long remainingMillis = 5_000;
    volatile boolean repeatable;
    /** Where requests go; empty for any instance there is. */
    volatile String instanceId = "";

    /** Of every call. */
    volatile Funds funds = Funds.ENDLESS;

    private final @Nullable FakeNode fake;
    private final List<InvocationRecord> shipped = new CopyOnWriteArrayList<>();
    private final HttpClient http1 = client(HttpClient.Version.HTTP_1_1);
    private final Shipper shipper;
    private final MeteringProxy proxy;
    private final Vertx vertx;
    private final HttpServer server;

    final List<InstanceTime> times = new CopyOnWriteArrayList<>();
    final List<NodeCpu> cpus = new CopyOnWriteArrayList<>();
    final InstanceTimekeeper timekeeper;

    /** Over fake sandboxes. */
    ProxyFixture(Path folder, FakeContainer container, RevisionSpec spec) throws Exception {
        this(folder, container, spec, Front.OBJECTS);
    }

    ProxyFixture(Path folder, FakeContainer container, RevisionSpec spec, Front front) throws Exception {
        this(folder, new FakeNode(folder.resolve("state"), container, new MemoryBus()), spec, front, null);
    }

    ProxyFixture(Path folder, FakeContainer container, RevisionSpec spec, Front front, Tracing tracing)
            throws Exception {
        this(folder, new FakeNode(folder.resolve("state"), container, new MemoryBus()), spec, front, tracing);
    }

    private ProxyFixture(Path folder, FakeNode fake, RevisionSpec spec, Front front, @Nullable Tracing tracing)
            throws Exception {
        this(folder, fake.agent, () -> BranchUsage.NONE, fake.logs, fake.bus, fake, spec, front, tracing);
    }

    /** How requests reach the proxy. */
    enum Front {
        /** All through Vert.x. */
        OBJECTS,
        /** Plain ones as bytes. */
        BYTES
    }

    /**
     * Over a node of any kind, which is closed with this.
     *
     * @param branch what its sandboxes have used together
     */
    ProxyFixture(
            Path folder,
            NodeAgent agent,
            Supplier<BranchUsage> branch,
            LogStore logs,
            MemoryBus bus,
            @Nullable FakeNode fake,
            RevisionSpec spec,
            Front front)
            throws Exception {
        this(folder, agent, branch, logs, bus, fake, spec, front, null);
    }

    private ProxyFixture(
            Path folder,
            NodeAgent agent,
            Supplier<BranchUsage> branch,
            LogStore logs,
            MemoryBus bus,
            @Nullable FakeNode fake,
            RevisionSpec spec,
            Front front,
            @Nullable Tracing tracing)
            throws Exception {
        this.agent = agent;
        this.fake = fake;
        bus.subscribe(Topics.INVOCATIONS, (key, batch) -> {
            if (batch != null) {
                shipped.addAll(batch.records());
                batch.encoded().forEach(this::noteTime);
            }
        });
        // A file lasts longer than it takes to make the next one, also beside other work: a full journal refuses calls.
        journal = Journal.open(new JournalSettings(folder.resolve("journal"), 1 << 20, 8));
        shipper = new Shipper(journal, bus, 100, new Random(1));
        shipper.start();
        timekeeper = new InstanceTimekeeper(
                FakeNode.NODE_ID,
                journal,
                branch,
                InstantSource.system(),
                System::nanoTime,
                new Random(2),
                Duration.ofMinutes(1));
        timekeeper.follow(agent.instances());
        agent.start();
        bus.publish(Topics.REVISIONS, spec.id().toString(), spec);
        await().atMost(Duration.ofSeconds(10)).until(() -> isReady(bus));
        proxy = new MeteringProxy(
                new MeteringProxy.Parts(
                        FakeNode.NODE_ID,
                        agent.instances(),
                        journal,
                        new NodePrices(bus),
                        logs,
                        new SimpleMeterRegistry(),
                        timekeeper,
                        tracing,
                        InstantSource.system(),
                        System::nanoTime),
                new MeteringConfig() {
                    @Override
                    public int connectThreads() {
                        return 2;
                    }

                    @Override
                    public int connectQueueMax() {
                        return 16;
                    }

                    @Override
                    public Duration timePeriod() {
                        return Duration.ofMinutes(1);
                    }
                });
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        HttpServer unopened = front == Front.BYTES
                ? PlainFront.server(vertx, (request, done) -> proxy.proxy(request, dispatch(), funds, done))
                : vertx.createHttpServer();
        server = unopened.requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    FakeNode node() {
        return Objects.requireNonNull(fake);
    }

    int port() {
        return server.actualPort();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(10));
    }

    HttpClient client() {
        return http1;
    }

    static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).build();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client().send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The thread of the only event loop. */
    long eventLoopThread() {
        CompletableFuture<Long> thread = new CompletableFuture<>();
        vertx.runOnContext(ignored -> thread.complete(Thread.currentThread().threadId()));
        return thread.join();
    }

    Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port());
    }

    /** Sends bytes and returns everything that comes back until the connection is closed. */
    String raw(String bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    InvocationRecord onlyRecord() {
        return records(1).getFirst();
    }

    List<InvocationRecord> records(int count) {
        await().atMost(Duration.ofSeconds(5)).until(() -> shipped.size() >= count);
        return List.copyOf(shipped);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        agent.close();
        if (fake != null) {
            fake.sandboxes.close();
        }
        proxy.close();
        shipper.close();
        journal.close();
    }

    private static boolean isReady(MemoryBus bus) {
        RevisionReadiness last = bus.last(Topics.READINESS, FakeNode.HELLO + "@" + FakeNode.NODE_ID);
        return last != null && last.state() == RevisionReadiness.State.READY;
    }

    private void noteTime(ByteBuffer record) {
        switch (record.get(record.position())) {
            case TimeCodec.INSTANCE_TIME -> times.add(TimeCodec.instanceTime(record));
            case TimeCodec.NODE_CPU -> cpus.add(TimeCodec.nodeCpu(record));
            default -> {}
        }
    }

    private void handle(HttpServerRequest request) {
        request.pause();
        proxy.proxy(request, dispatch(), funds, Origin.CALLER).onSuccess(outcome -> {
            String detail = handedBack(outcome);
            if (detail != null) {
                request.response().setStatusCode(409).end(detail);
                request.resume();
            }
        });
    }

    /** Why another instance is to be asked, null when the caller was answered. */
    static @Nullable String handedBack(ProxyOutcome outcome) {
        return switch (outcome) {
            case ProxyOutcome.Done done -> null;
            case ProxyOutcome.Refused refused -> refused.detail();
            case ProxyOutcome.Broken broken -> broken.detail();
        };
    }

    private Dispatch dispatch() {
        String target =
                instanceId.isEmpty() ? agent.instances().all().iterator().next().id() : instanceId;
        return new Dispatch(
                UUID.randomUUID(),
                FakeNode.HELLO,
                target,
                System.currentTimeMillis() * 1_000,
                7,
                0,
                null,
                remainingMillis,
                0,
                0,
                repeatable,
                true,
                2);
    }
}
