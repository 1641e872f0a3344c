package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.node.instance.Instance;
import dev.wisp.node.instance.NodeInstances;
import dev.wisp.node.log.LogStore;
import dev.wisp.node.metering.Answer.Closing;
import dev.wisp.node.report.Journal;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.impl.ContextInternal;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sends requests to instances of this node and meters them. Thread-safe; each exchange stays on its request's event loop. */
public final class MeteringProxy implements AutoCloseable {

    private final String nodeId;
    private final NodeInstances instances;
    private final ExchangeContext local;
    private final ExchangeContext remote;
    private final ThreadPoolExecutor connector;
    private final Map<Instance, Metered> metered = new ConcurrentHashMap<>();

    /** What the proxy keeps of an instance while it lives. */
    private record Metered(InstanceMeter meter, InstanceConnections connections) {}

    /** What a proxy is made of. */
    public record Parts(
            String nodeId,
            NodeInstances instances,
            Journal journal,
            NodePrices prices,
            LogStore logs,
            MeterRegistry metrics,
            InstantSource now,
            LongSupplier nanoTime) {}

    /** Whether a request comes from a caller, or through a gateway that has said already who the caller is. */
    public enum Origin {
        CALLER,
        GATEWAY
    }

    public MeteringProxy(Parts parts, MeteringConfig config) {
        this.nodeId = parts.nodeId();
        this.instances = parts.instances();
        InvocationMetrics metrics = new InvocationMetrics(parts.metrics());
        instances.onRetired(metrics::forget);
        this.local = new ExchangeContext(
                nodeId,
                parts.journal(),
                parts.prices(),
                metrics,
                new CrashExplainer(parts.logs()),
                parts.now(),
                parts.nanoTime(),
                false);
        this.remote = local.trustingForwarding();
        this.connector = new ThreadPoolExecutor(
                config.connectThreads(),
                config.connectThreads(),
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(config.connectQueueMax()),
                Thread.ofPlatform().name("wisp-connect-", 0).daemon().factory());
    }

    /** Why this process cannot proxy, null when it can: sockets made in a sandbox's namespace need the native transport. */
    public static @Nullable String unsupported() {
        return Epoll.isAvailable() ? null : "the native epoll transport is missing: " + Epoll.unavailabilityCause();
    }

    /** As {@link dev.wisp.contracts.dataplane.NodePort#proxy}. */
    public Future<ProxyOutcome> proxy(HttpServerRequest request, Dispatch dispatch, Origin origin) {
        ContextInternal context = (ContextInternal) ((HttpServerRequestInternal) request).context();
        Promise<ProxyOutcome> outcome = context.promise();
        EventLoop eventLoop = context.nettyEventLoop();
        Instance instance = instances.find(dispatch.instanceId());
        if (instance == null || !instance.revision().id().equals(dispatch.revision())) {
            outcome.complete(
                    new ProxyOutcome.Refused("no instance %s on node %s".formatted(dispatch.instanceId(), nodeId)));
        } else if (!instance.admit()) {
            outcome.complete(
                    new ProxyOutcome.Refused("instance %s takes no more requests now".formatted(instance.id())));
        } else {
            begin(request, dispatch, instance, origin, eventLoop, outcome);
        }
        return outcome.future();
    }

    @Override
    public void close() {
        connector.shutdownNow();
    }

    private void begin(
            HttpServerRequest request,
            Dispatch dispatch,
            Instance instance,
            Origin origin,
            EventLoop eventLoop,
            Promise<ProxyOutcome> outcome) {
        ExchangeContext context = origin == Origin.GATEWAY ? remote : local;
        long nowNanos = context.nanoTime().getAsLong();
        Metered books = books(instance);
        PriceBook prices = context.prices().at(dispatch.receivedAtMicros());
        Invocation invocation = new Invocation(
                dispatch, instance, books.meter(), nodeId, request.method().name(), prices, nowNanos);
        Problem unsupported = unsupported(request, eventLoop);
        if (unsupported != null) {
            instance.release();
            new Answer(request, invocation)
                    .problem(unsupported, null, invocation.totalMicros(nowNanos), Closing.CLOSED);
            outcome.complete(new ProxyOutcome.Done(unsupported.status(), Outcome.PLATFORM_ERROR, 0));
            return;
        }
        new Exchange(request, invocation, context, books.connections(), eventLoop, outcome).run();
    }

    private static @Nullable Problem unsupported(HttpServerRequest request, EventLoop eventLoop) {
        if (!(eventLoop.parent() instanceof EpollEventLoopGroup)) {
            return Problem.of(
                    ErrorCode.INTERNAL,
                    "event loops are not epoll's, which sockets of sandboxes need: set quarkus.vertx.prefer-native-transport=true");
        }
        boolean refused = RequestHead.upgrade(request) == UpgradePolicy.Verdict.REFUSE;
        if (refused || request.method().equals(HttpMethod.CONNECT)) {
            return Problem.of(
                    ErrorCode.UPGRADE_UNSUPPORTED,
                    "only a GET without a body can ask for another protocol, and CONNECT is not offered");
        }
        return null;
    }

    private Metered books(Instance instance) {
        Metered known = metered.get(instance);
        if (known != null) {
            return known;
        }
        Metered made = new Metered(
                new InstanceMeter(instance.sandbox(), local.nanoTime().getAsLong()),
                new InstanceConnections(instance, connector));
        Metered earlier = metered.putIfAbsent(instance, made);
        if (earlier != null) {
            return earlier;
        }
        instance.gone().thenRun(() -> {
            metered.remove(instance);
            made.connections().close();
        });
        return made;
    }
}
