package dev.wisp.node.sandbox;

/**
 * How long to wait between two attempts to connect to a program that does not listen yet. A quick program listens within a few hundred microseconds, so
 * that attempts begin close together; a slow one is asked at a twentieth of the time it has taken so far, which adds at most 5 % to its start.
 */
final class ReadinessPolicy {

    private static final long SPIN_NANOS = 1_000_000;
    private static final long PAUSE_NANOS_MIN = 20_000;
    private static final long PAUSE_NANOS_MAX = 20_000_000;
    private static final int SHARE = 20;

    private ReadinessPolicy() {}

    /** Pause before the next attempt, 0 for none, so long after execve. */
    static long pauseNanos(long elapsedNanos) {
        if (elapsedNanos < SPIN_NANOS) {
            return 0;
        }
        return Math.clamp(elapsedNanos / SHARE, PAUSE_NANOS_MIN, PAUSE_NANOS_MAX);
    }
}
