package dev.wisp.controller.store;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Drives one pass after another: at once when poked, otherwise every period, never two at a time. A failed pass is logged when the
 * one before did not fail, and the next period tries again. Thread-safe.
 */
public final class PassDriver implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PassDriver.class);
    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int RUNNING_AND_POKED = 2;

    private final Vertx vertx;
    private final String name;
    private final Supplier<Uni<Boolean>> pass;
    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final Timer passes;
    private final Timer failures;
    private final long timer;
    private volatile boolean closed;
    private volatile boolean failing;

    /** Starts driving; a pass says whether there is more to do at once. */
    public PassDriver(Vertx vertx, String name, Duration period, Supplier<Uni<Boolean>> pass) {
        this.vertx = vertx;
        this.name = name;
        this.pass = pass;
        this.passes = timed(name, "done");
        this.failures = timed(name, "failed");
        this.timer = vertx.setPeriodic(period.toMillis(), id -> poke());
    }

    public void poke() {
        if (closed) {
            return;
        }
        if (state.getAndUpdate(now -> now == IDLE ? RUNNING : RUNNING_AND_POKED) == IDLE) {
            run();
        }
    }

    @Override
    public void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }

    private void run() {
        Timer.Sample sample = Timer.start();
        Uni.createFrom()
                .deferred(pass::get)
                .onItemOrFailure()
                .invoke((more, failure) -> sample.stop(failure == null ? passes : failures))
                .subscribe()
                .with(this::passed, this::failed);
    }

    private static Timer timed(String name, String result) {
        return Timer.builder("wisp.controller.pass")
                .description("Recurring work of the control plane: what it is, and what came of it")
                .tag("pass", name)
                .tag("result", result)
                .register(Metrics.globalRegistry);
    }

    private void passed(Boolean more) {
        if (failing) {
            LOG.infof("%s works again", name);
            failing = false;
        }
        finished(more);
    }

    private void failed(Throwable failure) {
        if (!failing) {
            LOG.warnf("%s failed, will try again: %s", name, failure);
            failing = true;
        }
        state.set(IDLE);
    }

    private void finished(boolean more) {
        int before = state.getAndSet(IDLE);
        if (more || before == RUNNING_AND_POKED) {
            poke();
        }
    }
}
