package dev.wisp.gateway.async;

import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.GroupMember;
import dev.wisp.contracts.bus.SharedHandler;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.clock.TimeOrderedIds;
import dev.wisp.contracts.event.Webhook;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.route.Route;
import dev.wisp.gateway.admission.Caller;
import dev.wisp.gateway.routing.PlatformView;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asynchronous invocation as a whole: takes calls in, shares them with other gateways through a topic, makes those that are this
 * gateway's, and says how they ended. Thread-safe.
 */
public final class AsyncInvocations {

    /** Under a service's host, with an id after it: what became of a call. Services cannot have paths below {@code /_wisp/}. */
    public static final String PATH = "/_wisp/async/";

    private static final String GROUP = "wisp-gateway-async";
    private static final Duration END_MAX = Duration.ofSeconds(2);
    private static final String SECRET_KEY = "wisp.async.webhook-secret";

    private final Vertx vertx;
    private final Bus bus;
    private final String gatewayId;
    private final AsyncSettings settings;
    private final Supplier<PlatformView> view;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final Supplier<UUID> ids;
    private final CallBook book = new CallBook();
    private final CallPass pass = new CallPass(new SecureRandom());
    private final AsyncMetrics metrics;
    private final AsyncFront front;
    private volatile @Nullable Running running;

    private record Running(
            Dispatcher dispatcher,
            LoopbackCaller loopback,
            Bus.Subscription stored,
            Bus.@Nullable Subscription shares) {}

    public AsyncInvocations(
            Vertx vertx,
            Bus bus,
            String gatewayId,
            AsyncSettings settings,
            MeterRegistry registry,
            Supplier<PlatformView> view,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        this.bus = bus;
        this.gatewayId = gatewayId;
        this.settings = settings;
        this.view = view;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.ids = TimeOrderedIds.secret(clock);
        this.metrics = new AsyncMetrics(registry, book);
        this.front = new AsyncFront(vertx, bus, book, settings, metrics, view, clock);
    }

    /** Begins to make calls through the gateway that listens at this address. */
    public void start(SocketAddress gateway) {
        LoopbackCaller loopback = new LoopbackCaller(vertx, gateway, pass, settings);
        CallRunner.Sources sources = new CallRunner.Sources(
                view, this::newId, clock, () -> ThreadLocalRandom.current().nextDouble());
        CallRunner runner = new CallRunner(bus, loopback, webhook(), settings, metrics, sources);
        Dispatcher dispatcher = new Dispatcher(book, runner, bus, view, clock, nanoClock, settings);
        Bus.Subscription stored = bus.subscribe(Topics.ASYNC, (id, value) -> {
            book.told(id, value);
            dispatcher.poke();
        });
        running = new Running(dispatcher, loopback, stored, null);
        // Nothing is made before all that is stored is known: what looks as if it waited may be over.
        stored.caughtUp().thenRun(() -> share(dispatcher, loopback, stored));
    }

    /** Begins no more calls; those under way go on. */
    public void stop() {
        Running was = running;
        if (was != null) {
            was.dispatcher().stop();
        }
    }

    /** Waits a moment for what is under way, then lets go of everything; blocks. */
    public void close() {
        Running was = running;
        if (was == null) {
            return;
        }
        try {
            was.dispatcher().awaitEnd(END_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Bus.Subscription shares = was.shares();
        if (shares != null) {
            shares.close();
        }
        was.stored().close();
        was.loopback().close();
    }

    /** Which requests are the gateway's own. */
    public CallPass pass() {
        return pass;
    }

    /** An id that cannot be guessed, because who knows it may read the result. */
    public UUID newId() {
        return ids.get();
    }

    /** Stores a paused request of this route and answers it. */
    public void accept(HttpServerRequest request, Route route, UUID id, Caller caller, boolean continueDue) {
        front.accept(request, route, id, caller, continueDue);
    }

    /** Answers a request for {@link #PATH}. */
    public void tell(HttpServerRequest request, Route route, Caller caller) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            caller.answer(
                    Problem.of(
                            ErrorCode.METHOD_NOT_ALLOWED,
                            "%s is for GET and HEAD: it tells what became of a call".formatted(PATH)),
                    0);
            return;
        }
        String path = request.path();
        String id = path == null ? "" : path.substring(Math.min(PATH.length(), path.length()));
        Running now = running;
        front.tell(
                request,
                route,
                id,
                caller,
                now != null && now.stored().caughtUp().isDone());
    }

    private void share(Dispatcher dispatcher, LoopbackCaller loopback, Bus.Subscription stored) {
        Bus.Subscription shares = bus.share(
                Topics.ASYNC_SHARES, new GroupMember(GROUP, memberName(gatewayId)), new Shares(book, dispatcher));
        running = new Running(dispatcher, loopback, stored, shares);
        dispatcher.start();
    }

    /** Kafka takes letters, digits, dots, dashes and underscores; a gateway's id usually ends in a colon and a port. */
    static String memberName(String gatewayId) {
        return gatewayId.replaceAll("[^a-zA-Z0-9._-]", "_");
    }

    private @Nullable Webhook webhook() {
        return settings.webhooks().isEmpty() ? null : new Webhook(SECRET_KEY, settings.webhookSecret());
    }

    /** Which calls are this gateway's. The topic has no values: only who owns which of its partitions matters. */
    private record Shares(CallBook book, Dispatcher dispatcher) implements SharedHandler<AsyncInvocation> {

        @Override
        public Duration reread() {
            return Duration.ZERO;
        }

        @Override
        public long termSeen() {
            return 0;
        }

        @Override
        public void assigned(int partition, int partitions, long term) {
            book.own(partition, partitions);
            dispatcher.poke();
        }

        @Override
        public void value(String key, @Nullable AsyncInvocation value) {}

        @Override
        public void caughtUp(int partition) {}

        @Override
        public void revoked(int partition) {
            book.disown(partition);
        }
    }
}
