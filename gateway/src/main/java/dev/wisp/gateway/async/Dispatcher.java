package dev.wisp.gateway.async;

import dev.wisp.contracts.async.AsyncCall;
import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.route.Route;
import dev.wisp.gateway.routing.PlatformView;
import dev.wisp.gateway.routing.RoutePolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes the calls that are due, each on a thread of its own, and forgets results whose time is over. */
final class Dispatcher {

    private static final Logger LOG = Logger.getLogger(Dispatcher.class);
    private static final Duration SWEEP = Duration.ofSeconds(5);
    private static final long END_CHECK_MILLIS = 10;

    private final CallBook book;
    private final CallRunner runner;
    private final Bus bus;
    private final Supplier<PlatformView> view;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final AsyncSettings settings;
    private final LinkedBlockingQueue<Boolean> pokes = new LinkedBlockingQueue<>(1);
    private final Thread thread = Thread.ofVirtual().name("wisp-gateway-async").unstarted(this::run);
    private final Set<Thread> makers = ConcurrentHashMap.newKeySet();
    private long sweptNanos;

    /**
     * @param clock says what is due
     * @param nanoClock monotonic, for all that lasts
     */
    Dispatcher(
            CallBook book,
            CallRunner runner,
            Bus bus,
            Supplier<PlatformView> view,
            InstantSource clock,
            LongSupplier nanoClock,
            AsyncSettings settings) {
        this.book = book;
        this.runner = runner;
        this.bus = bus;
        this.view = view;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.sweptNanos = nanoClock.getAsLong() - SWEEP.toNanos();
        this.settings = settings;
    }

    void start() {
        thread.start();
    }

    /** Something has changed that may make a call due. */
    void poke() {
        pokes.offer(true);
    }

    /** Begins nothing more. */
    void stop() {
        thread.interrupt();
    }

    /** Waits until what is under way has been written, at most this long; the rest is made again by whoever owns it next. */
    void awaitEnd(Duration longest) throws InterruptedException {
        long deadline = nanoClock.getAsLong() + longest.toNanos();
        while (book.inFlight() > 0 && nanoClock.getAsLong() - deadline < 0) {
            Thread.sleep(END_CHECK_MILLIS);
        }
        makers.forEach(Thread::interrupt);
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                pokes.poll(beginDue().toMillis() + 1, TimeUnit.MILLISECONDS);
                sweep(clock.instant());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How long nothing more is due. */
    private Duration beginDue() {
        while (true) {
            Instant now = clock.instant();
            CallBook.Next next = book.take(now, settings.inFlightMax(), this::serviceMax);
            AsyncInvocation due = next.due();
            if (due == null || due.call() == null) {
                Duration left = next.lookAt() == null ? SWEEP : Duration.between(now, next.lookAt());
                return left.compareTo(SWEEP) < 0 ? left : SWEEP;
            }
            AsyncCall call = due.call();
            Thread.ofVirtual().name("wisp-gateway-async-call").start(() -> make(due, call));
        }
    }

    private void make(AsyncInvocation invocation, AsyncCall call) {
        makers.add(Thread.currentThread());
        try {
            book.written(invocation, runner.run(invocation, call));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // So that what cannot be made does not turn in circles; the next owner tries again.
            book.abandoned(invocation);
            LOG.errorf(e, "stored call failed, invocationId=%s", invocation.id());
        } finally {
            makers.remove(Thread.currentThread());
        }
        poke();
    }

    private void sweep(Instant now) {
        long nowNanos = nanoClock.getAsLong();
        if (nowNanos - sweptNanos < SWEEP.toNanos()) {
            return;
        }
        sweptNanos = nowNanos;
        long bytesMax = book.ownShare(settings.resultsBytesMax());
        ResultPolicy.forgettable(book.ownResults(), bytesMax, settings.accountShare(bytesMax), now)
                .forEach(id -> bus.publish(Topics.ASYNC, id, null));
    }

    private int serviceMax(AsyncInvocation invocation) {
        return InFlightPolicy.max(spec(invocation), settings.serviceInFlightMax());
    }

    /** Of the revision that most of its traffic goes to; null for what is told to others. */
    private @Nullable RevisionSpec spec(AsyncInvocation invocation) {
        AsyncCall call = invocation.call();
        if (call == null || !DestinationPolicy.isAnswerKept(call)) {
            return null;
        }
        PlatformView known = view.get();
        Route route = known.routes().get(call.target().value());
        RevisionId revision = route == null ? null : RoutePolicy.choose(route, 0);
        return revision == null ? null : known.revisions().get(revision.toString());
    }
}
