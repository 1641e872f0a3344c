package dev.wisp.node.report;

import java.time.Duration;

/** How long to wait before the broker is tried again. */
final class ShipBackoffPolicy {

    private static final long FIRST_MILLIS = 50;
    private static final long MAX_MILLIS = 2_000;

    private ShipBackoffPolicy() {}

    /** Doubles from 50 ms to 2 s, and is shortened by up to half so that nodes do not come back in step. */
    static Duration pause(int failuresInARow, double random) {
        long full = Math.min(MAX_MILLIS, FIRST_MILLIS << Math.min(failuresInARow - 1, 10));
        return Duration.ofMillis((long) (full * (1 - random / 2)));
    }
}
