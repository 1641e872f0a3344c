package dev.wisp.billing.ingest;

import java.time.Duration;

/** How long to wait after the n-th failure in a row. */
final class BackoffPolicy {

    private BackoffPolicy() {}

    /**
     * Doubles from {@code min} to {@code max}, then takes a share of it between a half and the whole, so that several billing
     * processes do not knock at the same moment.
     *
     * @param failures in a row, from 1
     * @param share 0 up to 1, random
     */
    static Duration pause(int failures, Duration min, Duration max, double share) {
        int doublings = Math.min(failures - 1, 30);
        long half = Math.min(max.toMillis(), min.toMillis() << doublings) / 2;
        return Duration.ofMillis(half + (long) (half * share));
    }
}
