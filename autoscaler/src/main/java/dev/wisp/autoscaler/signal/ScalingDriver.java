package dev.wisp.autoscaler.signal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Gives the loop its thread: a pass at each tick, and at once when a signal cannot wait. */
final class ScalingDriver implements AutoCloseable {

    private static final Duration TICK_MIN = Duration.ofMillis(10);
    private static final Duration TICK_MAX = Duration.ofSeconds(10);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    /** Up to a tick, 250 ms unless set otherwise, a pass is not late; the next one begins in time. */
    private static final Duration[] PASS_BOUNDS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(2)
    };

    private final ScalingLoop loop;
    private final InstantSource clock;
    private final Duration tick;
    private final Duration idleTick;
    private final Timer passes;
    private final Counter plans;
    private final Thread thread;
    private volatile Instant due;
    private volatile boolean stopping;

    ScalingDriver(ScalingLoop loop, InstantSource clock, Duration tick, Duration idleTick, MeterRegistry metrics) {
        this.loop = loop;
        this.clock = clock;
        this.tick = checked("wisp.autoscaler.signal.tick", tick);
        this.idleTick = checked("wisp.autoscaler.signal.idle-tick", idleTick);
        this.due = clock.instant().plus(idleTick);
        this.passes = Timer.builder("wisp.autoscaler.pass")
                .description("One look at all revisions")
                .serviceLevelObjectives(PASS_BOUNDS)
                .register(metrics);
        TimeGauge.builder("wisp.autoscaler.lag", this, TimeUnit.MILLISECONDS, ScalingDriver::lagMillis)
                .description("How long ago the pass was due that is not over; 0 while none is")
                .register(metrics);
        this.plans = Counter.builder("wisp.autoscaler.plans.published")
                .description("Plans sent to nodes and gateways")
                .register(metrics);
        Gauge.builder(
                        "wisp.autoscaler.inbox.depth",
                        loop,
                        source -> source.inbox().depth())
                .description("Signals not taken in yet")
                .register(metrics);
        Gauge.builder("wisp.autoscaler.partitions", loop, ScalingLoop::partitions)
                .description("Parts of the demand that this replica decides on")
                .register(metrics);
        this.thread = Thread.ofPlatform().name("wisp-autoscaler").daemon().unstarted(this::run);
    }

    void start() {
        loop.subscribe();
        thread.start();
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        try {
            thread.join(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
    }

    private void run() {
        while (!stopping) {
            awaitTick();
            due = earlier(due, clock.instant());
            try {
                passes.record(() -> plans.increment(loop.runOnce(clock.instant())));
            } catch (RuntimeException e) {
                Log.error("a pass over the revisions failed, the next one starts over", e);
            }
        }
    }

    /** Takes signals until the tick is due or one of them is urgent. */
    private void awaitTick() {
        due = clock.instant().plus(loop.isActive() ? tick : idleTick);
        boolean urgent = false;
        while (!urgent && !stopping) {
            Duration left = Duration.between(clock.instant(), due);
            if (!left.isPositive()) {
                return;
            }
            Signal signal = loop.inbox().poll(left);
            urgent = takeQuietly(signal);
            due = earlier(due, loop.isActive() ? clock.instant().plus(tick) : due);
        }
    }

    private boolean takeQuietly(@Nullable Signal signal) {
        try {
            return signal != null && loop.take(signal, clock.instant());
        } catch (RuntimeException e) {
            Log.errorf(e, "skipped %s", signal);
            return false;
        }
    }

    private double lagMillis() {
        return Math.max(0, due.until(clock.instant(), ChronoUnit.MILLIS));
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Duration checked(String key, Duration value) {
        if (value.compareTo(TICK_MIN) < 0 || value.compareTo(TICK_MAX) > 0) {
            throw new IllegalArgumentException("%s=%s, must be %s..%s".formatted(key, value, TICK_MIN, TICK_MAX));
        }
        return value;
    }
}
