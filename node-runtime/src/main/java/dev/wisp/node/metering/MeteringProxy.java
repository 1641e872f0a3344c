package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.PlainField;
import dev.wisp.contracts.dataplane.PlainHead;
import dev.wisp.contracts.dataplane.PlainRequest;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.dataplane.RefusedCall;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.node.instance.Instance;
import dev.wisp.node.instance.NodeInstances;
import dev.wisp.node.log.LogStore;
import dev.wisp.node.metering.Answer.Closing;
import dev.wisp.node.report.Journal;
import dev.wisp.node.trace.Tracing;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sends requests to instances of this node and meters them. Thread-safe; each exchange stays on its request's event loop. */
public final class MeteringProxy implements AutoCloseable {

    private static final String NO_EPOLL =
            "event loops are not epoll's, which sockets of sandboxes need: set quarkus.vertx.prefer-native-transport=true";

    private final String nodeId;
    private final NodeInstances instances;
    private final ExchangeContext local;
    private final ExchangeContext remote;
    private final @Nullable InstanceTimekeeper times;
    private final ThreadPoolExecutor connector;
    private final Map<Instance, Metered> metered = new ConcurrentHashMap<>();

    /** What the proxy keeps of an instance while it lives. */
    private record Metered(InstanceMeter meter, InstanceConnections connections) {}

    /**
     * What a proxy is made of.
     *
     * @param times null when nobody asks where the time of instances goes
     * @param tracing null when nobody wants spans
     */
    public record Parts(
            String nodeId,
            NodeInstances instances,
            Journal journal,
            NodePrices prices,
            LogStore logs,
            MeterRegistry metrics,
            @Nullable InstanceTimekeeper times,
            @Nullable Tracing tracing,
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
        this.times = parts.times();
        InvocationMetrics metrics = new InvocationMetrics(parts.metrics(), parts.instances()::count);
        instances.onRetired(metrics::forget);
        this.local = new ExchangeContext(
                nodeId,
                parts.journal(),
                parts.prices(),
                metrics,
                new CrashExplainer(parts.logs()),
                parts.tracing(),
                parts.now(),
                parts.nanoTime(),
                new ConcurrentHashMap<>(),
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
    public Future<ProxyOutcome> proxy(HttpServerRequest request, Dispatch dispatch, Funds funds, Origin origin) {
        ContextInternal context = (ContextInternal) ((HttpServerRequestInternal) request).context();
        Promise<ProxyOutcome> outcome = context.promise();
        Instance instance = admitted(dispatch, outcome::complete);
        if (instance != null) {
            Invocation invocation = invocation(
                    dispatch, funds, instance, books(instance), request.method().name());
            if (local.tracing() != null) {
                List<String> parents = request.headers().getAll(PlainField.TRACEPARENT.text());
                invocation.trace(local.tracing(), parents.size() == 1 ? parents.getFirst() : null);
            }
            begin(request, invocation, origin, context, outcome::complete);
        }
        return outcome.future();
    }

    /** As {@link dev.wisp.contracts.dataplane.NodePort#refused}. */
    void refused(RefusedCall call) {
        Tracing tracing = local.tracing();
        if (tracing != null) {
            tracing.refused(call);
        }
    }

    /** As {@link dev.wisp.contracts.dataplane.PlainNodePort#proxy}. */
    public void proxy(PlainRequest request, Dispatch dispatch, Funds funds, Consumer<ProxyOutcome> outcome) {
        Instance instance = admitted(dispatch, outcome);
        if (instance == null) {
            return;
        }
        EventLoop eventLoop = request.eventLoop();
        Metered books = books(instance);
        Invocation invocation =
                invocation(dispatch, funds, instance, books, request.head().method());
        if (local.tracing() != null) {
            invocation.trace(local.tracing(), traceparent(request.head()));
        }
        PlainIncoming incoming = new PlainIncoming(request, invocation);
        if (isEpoll(eventLoop)) {
            new Exchange(incoming, invocation, local, books.connections(), eventLoop, outcome).run();
        } else {
            refuse(incoming, invocation, Problem.of(ErrorCode.INTERNAL, NO_EPOLL), outcome);
        }
    }

    @Override
    public void close() {
        connector.shutdownNow();
    }

    /** The instance, with a slot taken in it; null when it refused, and then that has been told. */
    private @Nullable Instance admitted(Dispatch dispatch, Consumer<ProxyOutcome> outcome) {
        Instance instance = instances.find(dispatch.instanceId());
        if (instance == null || !instance.revision().id().equals(dispatch.revision())) {
            outcome.accept(
                    new ProxyOutcome.Refused("no instance %s on node %s".formatted(dispatch.instanceId(), nodeId)));
            return null;
        }
        if (!instance.admit()) {
            outcome.accept(new ProxyOutcome.Refused("instance %s takes no more requests now".formatted(instance.id())));
            return null;
        }
        return instance;
    }

    private Invocation invocation(Dispatch dispatch, Funds funds, Instance instance, Metered books, String method) {
        PriceBook prices = local.prices().at(dispatch.receivedAtMicros());
        return new Invocation(
                dispatch,
                funds,
                instance,
                books.meter(),
                nodeId,
                method,
                prices,
                local.nanoTime().getAsLong());
    }

    /** Null when there is none, or more than one. */
    private static @Nullable String traceparent(PlainHead head) {
        String found = null;
        for (int index = 0; index < head.fields(); index++) {
            if (head.field(index) == PlainField.TRACEPARENT) {
                if (found != null) {
                    return null;
                }
                found = head.value(index);
            }
        }
        return found;
    }

    private void begin(
            HttpServerRequest request,
            Invocation invocation,
            Origin origin,
            ContextInternal on,
            Consumer<ProxyOutcome> outcome) {
        ExchangeContext context = origin == Origin.GATEWAY ? remote : local;
        EventLoop eventLoop = on.nettyEventLoop();
        HttpIncoming incoming = new HttpIncoming(request, invocation, context);
        Problem unsupported = unsupported(request, eventLoop);
        if (unsupported == null) {
            InstanceConnections connections = books(invocation.instance()).connections();
            new Exchange(incoming, invocation, context, connections, eventLoop, outcome).run();
        } else {
            refuse(incoming, invocation, unsupported, outcome);
        }
    }

    private void refuse(Incoming incoming, Invocation invocation, Problem problem, Consumer<ProxyOutcome> outcome) {
        invocation.instance().release();
        long totalMicros = invocation.totalMicros(local.nanoTime().getAsLong());
        incoming.answer().problem(problem, null, totalMicros, Closing.CLOSED);
        outcome.accept(new ProxyOutcome.Done(problem.status(), Outcome.PLATFORM_ERROR, 0));
    }

    private static boolean isEpoll(EventLoop eventLoop) {
        return eventLoop.parent() instanceof EpollEventLoopGroup;
    }

    private static @Nullable Problem unsupported(HttpServerRequest request, EventLoop eventLoop) {
        if (!isEpoll(eventLoop)) {
            return Problem.of(ErrorCode.INTERNAL, NO_EPOLL);
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
        if (times != null) {
            times.metered(instance, made.meter());
        }
        instance.gone().thenRun(() -> {
            metered.remove(instance);
            made.connections().close();
        });
        return made;
    }
}
