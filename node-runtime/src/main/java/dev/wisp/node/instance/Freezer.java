package dev.wisp.node.instance;

import dev.wisp.node.sandbox.Sandbox;
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

    private final LongSupplier nanoTime;
    private volatile boolean frozen;
    private long sinceNanos;
    private long beforeNanos;

    Freezer(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @param isIdle whether there is still nobody who needs it */
    synchronized void freeze(@Nullable Sandbox sandbox, BooleanSupplier isIdle) {
        if (frozen || sandbox == null) {
            return;
        }
        frozen = true;
        sinceNanos = nanoTime.getAsLong();
        if (!isIdle.getAsBoolean()) {
            frozen = false;
            return;
        }
        sandbox.freeze();
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
