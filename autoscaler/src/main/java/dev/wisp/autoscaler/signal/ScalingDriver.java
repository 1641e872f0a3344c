package dev.wisp.autoscaler.signal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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
    private final LongSupplier nanoClock;
    private final Ticks ticks;
    private final Timer passes;
    private final Counter plans;
    private final Thread thread;
    /** When the pass was due that is not over, or the next one is; one that failed is not over. */
    private volatile long dueNanos;

    private volatile boolean stopping;

    /**
     * How long it waits from pass to pass.
     *
     * @param active while the passing of time can change a decision, from 10 ms to 10 s
     * @param idle otherwise, within the same bounds
     */
    record Ticks(Duration active, Duration idle) {

        Ticks {
            check("wisp.autoscaler.signal.tick", active);
            check("wisp.autoscaler.signal.idle-tick", idle);
        }

        private static void check(String key, Duration value) {
            if (value.compareTo(TICK_MIN) < 0 || value.compareTo(TICK_MAX) > 0) {
                throw new IllegalArgumentException("%s=%s, must be %s..%s".formatted(key, value, TICK_MIN, TICK_MAX));
            }
        }
    }

    /**
     * @param clock dates what is decided
     * @param nanoClock monotonic, for when a pass is due: a host's clock that is set neither holds one up nor makes one late
     */
    ScalingDriver(ScalingLoop loop, InstantSource clock, LongSupplier nanoClock, Ticks ticks, MeterRegistry metrics) {
        this.loop = loop;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.ticks = ticks;
        this.dueNanos = nextNanos();
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
        long nextNanos = dueNanos;
        while (!stopping) {
            awaitTick(nextNanos);
            dueNanos = sooner(dueNanos, nanoClock.getAsLong());
            boolean over = pass();
            nextNanos = nextNanos();
            if (over) {
                dueNanos = nextNanos;
            }
        }
    }

    private boolean pass() {
        try {
            passes.record(() -> plans.increment(loop.runOnce(clock.instant())));
            return true;
        } catch (RuntimeException e) {
            Log.error("a pass over the revisions failed, the next one starts over", e);
            return false;
        }
    }

    /** Takes signals until the tick is due or one of them is urgent. */
    private void awaitTick(long tickNanos) {
        long untilNanos = tickNanos;
        boolean urgent = false;
        while (!urgent && !stopping) {
            long leftNanos = untilNanos - nanoClock.getAsLong();
            if (leftNanos <= 0) {
                return;
            }
            Signal signal = loop.inbox().poll(Duration.ofNanos(leftNanos));
            urgent = takeQuietly(signal);
            untilNanos = loop.isActive() ? sooner(untilNanos, nextNanos()) : untilNanos;
            dueNanos = sooner(dueNanos, untilNanos);
        }
    }

    private long nextNanos() {
        return nanoClock.getAsLong() + (loop.isActive() ? ticks.active() : ticks.idle()).toNanos();
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
        return TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanoClock.getAsLong() - dueNanos));
    }

    private static long sooner(long oneNanos, long otherNanos) {
        return oneNanos - otherNanos < 0 ? oneNanos : otherNanos;
    }
}
