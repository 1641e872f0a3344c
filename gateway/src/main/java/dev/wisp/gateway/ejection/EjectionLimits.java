package dev.wisp.gateway.ejection;

import java.time.Duration;

/**
 * When an instance is left alone.
 *
 * @param failuresMax calls in a row that may fail at it
 * @param base how long it is left alone the first time; doubled each further time
 * @param longest the longest that it is left alone
 * @param percentMax share of a revision's instances that may be left alone for failed calls at once
 */
public record EjectionLimits(int failuresMax, Duration base, Duration longest, int percentMax) {

    public static final EjectionLimits DEFAULT =
            new EjectionLimits(5, Duration.ofMillis(200), Duration.ofSeconds(30), 50);

    public EjectionLimits {
        boolean ordered = base.isPositive() && longest.compareTo(base) >= 0;
        if (failuresMax < 1 || !ordered || percentMax < 0 || percentMax > 100) {
            throw new IllegalArgumentException(
                    "ejection: failuresMax=%d, must be > 0; base=%s and longest=%s, must be > 0 and in order; percentMax=%d, must be 0..100"
                            .formatted(failuresMax, base, longest, percentMax));
        }
    }
}
