package dev.wisp.node.instance;

import java.time.Duration;

/** How long the node itself waits before it starts a revision again whose instances keep failing. */
final class CrashBackoffPolicy {

    private static final long FIRST_MILLIS = 250;
    private static final long MAX_MILLIS = 60_000;

    /** An instance that lived this long was no crash on start: the count begins anew. */
    static final Duration HEALTHY_AFTER = Duration.ofSeconds(10);

    private CrashBackoffPolicy() {}

    /**
     * Doubles from 250 ms to 60 s, shortened by up to a quarter at random so that nodes do not start in step.
     *
     * @param crashesInARow 0 means no wait
     * @param random 0..1
     */
    static Duration pause(int crashesInARow, double random) {
        if (crashesInARow == 0) {
            return Duration.ZERO;
        }
        long full = Math.min(MAX_MILLIS, FIRST_MILLIS << Math.min(crashesInARow - 1, 16));
        return Duration.ofMillis((long) (full * (1 - random / 4)));
    }
}
