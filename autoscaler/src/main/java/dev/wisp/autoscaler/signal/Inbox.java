package dev.wisp.autoscaler.signal;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the topics said and the loop has not seen yet. Bounded: a reader that is ahead waits, which holds up its own topic only.
 * Thread-safe.
 */
final class Inbox {

    private static final int SIGNALS_MAX = 65_536;

    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>(SIGNALS_MAX);

    void put(Signal signal) {
        try {
            signals.put(signal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next signal, null when none came in time or the wait was interrupted. */
    @Nullable
    Signal poll(Duration timeout) {
        try {
            return signals.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Nullable
    Signal poll() {
        return signals.poll();
    }

    int depth() {
        return signals.size();
    }
}
