package dev.wisp.node.sandbox;

/**
 * How long to wait between two attempts to connect to a program that does not listen yet. A quick program listens within a few hundred microseconds, so
 * that attempts begin close together; a slow one is asked at a twentieth of the time it has taken so far, which adds at most 5 % to its start.
 *
 * <p>Every attempt takes about 10 µs of a processor that the program itself may be waiting for. So none is made in the first part of the time that the same
 * image has needed at least before.
 */
final class ReadinessPolicy {

    /** What is known of an image that was not started before. */
    static final long UNKNOWN = 0;

    private static final long SPIN_NANOS = 1_000_000;
    private static final long PAUSE_NANOS_MIN = 20_000;
    private static final long PAUSE_NANOS_MAX = 20_000_000;
    private static final int SHARE = 20;

    /** By so much a sleep of a thread is longer than asked for: the kernel's timer slack and waking up. */
    private static final long OVERSLEPT_NANOS = 80_000;

    private ReadinessPolicy() {}

    /** Pause before the next attempt, 0 for none, so long after execve. */
    static long pauseNanos(long elapsedNanos, long quickestNanos) {
        long ahead = quickestNanos / 8 * 7 - OVERSLEPT_NANOS - elapsedNanos;
        if (ahead >= PAUSE_NANOS_MIN) {
            return Math.min(ahead, PAUSE_NANOS_MAX);
        }
        if (elapsedNanos < SPIN_NANOS) {
            return 0;
        }
        return Math.clamp(elapsedNanos / SHARE, PAUSE_NANOS_MIN, PAUSE_NANOS_MAX);
    }

    /**
     * The least time seen, which rises by a sixteenth with every slower start: what was once quick need not stay so. A program that listened when it
     * was first looked at may have done so long before: its time is that of our own sleep, and would hold the sleep where it is, so that the next
     * one ends a quarter sooner.
     *
     * @param lookedTooEarly whether an attempt before the last one failed, so that the time is the program's
     */
    static long quickest(long beforeNanos, long takenNanos, boolean lookedTooEarly) {
        if (beforeNanos == UNKNOWN) {
            return takenNanos;
        }
        return lookedTooEarly
                ? Math.min(takenNanos, beforeNanos + beforeNanos / 16)
                : Math.min(takenNanos, beforeNanos - beforeNanos / 4);
    }
}
