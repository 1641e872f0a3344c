package dev.wisp.gateway.proxy;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.clock.SteadyClock;
import dev.wisp.contracts.clock.TimeOrderedIds;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.dataplane.RefusedCall;
import dev.wisp.contracts.route.Route;
import dev.wisp.gateway.admission.DeskContext;
import dev.wisp.gateway.admission.Desks;
import dev.wisp.gateway.admission.HoldBudget;
import dev.wisp.gateway.admission.HoldLimits;
import dev.wisp.gateway.admission.SendLimits;
import dev.wisp.gateway.admission.UnroutedRequests;
import dev.wisp.gateway.async.AsyncInvocations;
import dev.wisp.gateway.async.AsyncSettings;
import dev.wisp.gateway.budget.BudgetGate;
import dev.wisp.gateway.demand.DemandReporter;
import dev.wisp.gateway.explain.TriedCalls;
import dev.wisp.gateway.metric.GatewayMetrics;
import dev.wisp.gateway.routing.PlatformFeed;
import dev.wisp.gateway.routing.PlatformView;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The gateway as a whole: follows the platform's state, listens, and stops without dropping what it has. */
public final class GatewayServer {

    private static final long DRAIN_CHECK_MILLIS = 20;
    private static final int NODE_CONNECTIONS_MAX = 4;
    private static final String ANY_ADDRESS = "0.0.0.0";
    private static final String LOOPBACK = "127.0.0.1";

    private final Vertx vertx;
    private final Bus bus;
    private final Setup setup;
    private final GatewayMetrics metrics;
    private final HttpClient nodeClient;
    private final NodeDirectory directory;
    private final PlatformFeed feed;
    private final BudgetGate money;
    private final TriedCalls triedCalls = new TriedCalls();
    private final InstantSource clock = SteadyClock.system();
    private final Supplier<UUID> ids = TimeOrderedIds.fast(clock);
    private final List<LoopVerticle> loops = new ArrayList<>();
    private final List<GatewayListener> listeners = new CopyOnWriteArrayList<>();
    private final @Nullable AsyncInvocations async;
    private volatile boolean draining;
    private @Nullable Future<Void> stopped;
    private volatile @Nullable Desks desks;

    /**
     * What a gateway is started with.
     *
     * @param gatewayId stable name, under which the autoscaler adds its demand to that of others
     * @param stateDirectory where the last known state is kept
     * @param localNodes nodes of this process
     * @param async bounds on calls that are stored; null where none are
     * @param sending bounds on what becomes of calls that an instance failed
     */
    public record Setup(
            String gatewayId,
            Path stateDirectory,
            ServerSettings server,
            HoldLimits limits,
            List<NodePort> localNodes,
            @Nullable AsyncSettings async,
            SendLimits sending) {

        public Setup {
            localNodes = List.copyOf(localNodes);
        }

        /** Of a gateway that stores no calls and has the bounds on sending that are the default. */
        public Setup(
                String gatewayId,
                Path stateDirectory,
                ServerSettings server,
                HoldLimits limits,
                List<NodePort> localNodes) {
            this(gatewayId, stateDirectory, server, limits, localNodes, null, SendLimits.DEFAULT);
        }
    }

    public GatewayServer(Vertx vertx, Bus bus, Setup setup, GatewayMetrics metrics) {
        this.vertx = vertx;
        this.bus = bus;
        this.setup = setup;
        this.metrics = metrics;
        this.nodeClient = vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setHttp2MultiplexingLimit(1_000))
                .with(new PoolOptions().setHttp2MaxSize(NODE_CONNECTIONS_MAX))
                .withConnectHandler(new SilentHosts(vertx))
                .build();
        this.directory = new NodeDirectory(setup.localNodes(), nodeClient);
        this.feed = new PlatformFeed(bus, setup.stateDirectory(), this::changed);
        this.money = new BudgetGate(
                bus,
                setup.gatewayId(),
                setup.stateDirectory(),
                () -> view().revisions().values(),
                clock,
                System::nanoTime);
        AsyncSettings stored = setup.async();
        this.async = stored == null
                ? null
                : new AsyncInvocations(
                        vertx, bus, setup.gatewayId(), stored, metrics.registry(), feed::view, clock, System::nanoTime);
    }

    /** Completes with the port once requests are taken; fails when the port cannot be had. */
    public Future<Integer> start() {
        List<Future<String>> deployed = new ArrayList<>();
        for (int at = 0; at < setup.server().eventLoops(); at++) {
            LoopVerticle loop = new LoopVerticle();
            loops.add(loop);
            deployed.add(vertx.deployVerticle(loop));
        }
        return Future.all(deployed).compose(ignored -> listen());
    }

    /** What became of calls that did not simply go through. */
    public TriedCalls triedCalls() {
        return triedCalls;
    }

    /** Takes nothing more, lets requests end for at most the drain timeout, then closes what is left. */
    public synchronized Future<Void> stop() {
        Future<Void> before = stopped;
        if (before != null) {
            return before;
        }
        AsyncInvocations making = async;
        if (making != null) {
            making.stop();
        }
        draining = true;
        listeners.forEach(GatewayListener::closeIdle);
        long deadlineNanos = System.nanoTime() + setup.server().drainTimeout().toNanos();
        Future<Void> stopping = drained(deadlineNanos).compose(ignored -> close());
        stopped = stopping;
        return stopping;
    }

    /** State as it is known now. */
    public PlatformView view() {
        return feed.view();
    }

    private Future<Integer> listen() {
        List<Desks.OwnedLoop> owned = new ArrayList<>();
        for (LoopVerticle loop : loops) {
            DemandReporter reporter = new DemandReporter(
                    bus, setup.gatewayId(), clock, System::nanoTime, directory::unreachable, metrics);
            owned.add(new Desks.OwnedLoop(loop, reporter));
            loop.execute(() -> vertx.setPeriodic(DemandReporter.INTERVAL.toMillis(), id -> reporter.tick()));
        }
        DeskContext context = context();
        Desks opened = new Desks(context, feed::view, owned);
        desks = opened;
        feed.start();
        money.start();
        directory.update(feed.view().nodes());
        List<Future<Integer>> ports = new ArrayList<>();
        for (LoopVerticle loop : loops) {
            GatewayListener listener = listener(loop, opened, context);
            listeners.add(listener);
            ports.add(listener.listen(() -> draining));
        }
        return Future.all(ports).map(GatewayServer::firstPort).onSuccess(this::startAsync);
    }

    private void startAsync(int port) {
        AsyncInvocations starting = async;
        if (starting != null) {
            String host = setup.server().host();
            starting.start(SocketAddress.inetSocketAddress(port, host.equals(ANY_ADDRESS) ? LOOPBACK : host));
        }
    }

    private GatewayListener listener(LoopVerticle loop, Desks opened, DeskContext context) {
        HttpCaller.Port port = new HttpCaller.Port(vertx, loop, metrics, System::nanoTime, this::refused);
        ConnectionBook connections = new ConnectionBook(setup.server(), metrics);
        RequestEntry.Sources sources =
                new RequestEntry.Sources(feed::view, ids, clock, new SplittableRandom(), () -> draining, async);
        RequestEntry entry = new RequestEntry(
                new HeadScan(setup.server().headersMax()),
                connections,
                port,
                sources,
                opened,
                new UnroutedRequests(context, loop));
        // To a node on another host a request goes as HTTP/2, which only Vert.x speaks.
        boolean plain = !setup.localNodes().isEmpty();
        return new GatewayListener(
                vertx,
                setup.server(),
                port,
                connections,
                entry,
                plain ? new PlainEntry(setup.server(), connections, port, sources, opened) : null);
    }

    private void refused(RefusedCall call) {
        if (!setup.localNodes().isEmpty()) {
            setup.localNodes().getFirst().refused(call);
        }
    }

    private DeskContext context() {
        return new DeskContext(
                setup.gatewayId(),
                directory,
                setup.limits(),
                setup.sending(),
                new HoldBudget(),
                money,
                metrics,
                clock,
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextDouble(),
                triedCalls);
    }

    private void changed(List<PlatformView.Change> changes) {
        for (PlatformView.Change change : changes) {
            if (change.topic().equals(Topics.NODES.name())) {
                directory.update(feed.view().nodes());
                break;
            }
        }
        Desks told = desks;
        if (told != null) {
            told.changed(changes);
        }
        for (PlatformView.Change change : changes) {
            if (change.value() instanceof Route route) {
                listeners.forEach(listener -> listener.routeChanged(route));
            }
        }
    }

    private Future<Void> drained(long deadlineNanos) {
        if (metrics.active() == 0 || System.nanoTime() - deadlineNanos >= 0) {
            return Future.succeededFuture();
        }
        Promise<Void> later = Promise.promise();
        vertx.setTimer(DRAIN_CHECK_MILLIS, id -> drained(deadlineNanos).onComplete(later));
        return later.future();
    }

    private Future<Void> close() {
        return closeAsync().eventually(this::closeRest);
    }

    /** First: what it wrote last comes by the bus, and its calls by the listeners. */
    private Future<Void> closeAsync() {
        AsyncInvocations closing = async;
        if (closing == null) {
            return Future.succeededFuture();
        }
        return vertx.executeBlocking(() -> {
                    closing.close();
                    return true;
                })
                .mapEmpty();
    }

    private Future<Void> closeRest() {
        List<Future<Void>> closing = new ArrayList<>();
        listeners.forEach(listener -> closing.add(listener.close()));
        closing.add(nodeClient.close());
        loops.forEach(loop -> closing.add(vertx.undeploy(loop.deploymentID())));
        return Future.join(closing)
                .eventually(() -> vertx.executeBlocking(() -> {
                    money.close();
                    feed.close();
                    return null;
                }))
                .mapEmpty();
    }

    private static int firstPort(CompositeFuture ports) {
        return ports.resultAt(0);
    }

    /** Longest time {@link #stop} takes. */
    public long stopMillisMax() {
        return setup.server().drainTimeout().toMillis() + TimeUnit.SECONDS.toMillis(5);
    }
}
