package dev.wisp.node.instance;

import dev.wisp.node.sandbox.Sandbox;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Freezes one sandbox while nobody needs it and thaws it for whoever does, and knows for how long it was frozen. Thread-safe.
 *
 * <p>A request makes itself known before it looks at the flag here, and freezing sets the flag before it looks for requests: one of the two always sees the
 * other, so that a request pays for a lock only when there is something to thaw.
 */
final class Freezer {

    /** Processes stand still when each has been on a processor once more, which takes a share of 100 ms where their limit is used up. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private volatile boolean frozen;
    private long sinceNanos;
    private long beforeNanos;

    Freezer(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Freezes it and waits until it is. Whoever needs it meanwhile thaws it and waits for nobody.
     *
     * @param isIdle whether there is still nobody who needs it
     * @throws RuntimeException when it cannot be frozen, or not all of it stands still after a second: it is not frozen then
     */
    void freeze(@Nullable Sandbox sandbox, BooleanSupplier isIdle) {
        if (sandbox != null && isAsked(sandbox, isIdle) && !sandbox.standsStill(PATIENCE)) {
            giveUp(sandbox);
            throw new IllegalStateException("not all of it stands still after %s".formatted(PATIENCE));
        }
    }

    private synchronized boolean isAsked(Sandbox sandbox, BooleanSupplier isIdle) {
        if (frozen) {
            return false;
        }
        frozen = true;
        sinceNanos = nanoTime.getAsLong();
        if (!isIdle.getAsBoolean()) {
            frozen = false;
            return false;
        }
        try {
            sandbox.freeze();
        } catch (RuntimeException e) {
            giveUp(sandbox);
            throw e;
        }
        return true;
    }

    /** What was tried counts for nothing. */
    private synchronized void giveUp(Sandbox sandbox) {
        if (frozen) {
            sandbox.thaw();
            frozen = false;
        }
    }

    void thaw(@Nullable Sandbox sandbox) {
        if (frozen) {
            thawNow(sandbox);
        }
    }

    private synchronized void thawNow(@Nullable Sandbox sandbox) {
        if (frozen && sandbox != null) {
            sandbox.thaw();
            beforeNanos += nanoTime.getAsLong() - sinceNanos;
            frozen = false;
        }
    }

    boolean isFrozen() {
        return frozen;
    }

    synchronized long frozenNanos() {
        return beforeNanos + (frozen ? nanoTime.getAsLong() - sinceNanos : 0);
    }
}
