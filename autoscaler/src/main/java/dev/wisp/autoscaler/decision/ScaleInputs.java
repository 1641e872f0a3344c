package dev.wisp.autoscaler.decision;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Everything a decision on one revision rests on, besides its settings.
 *
 * @param stableAverage load over the stable window
 * @param panicAverage load over the panic window
 * @param ready instances that can serve
 * @param routed whether a route leads to the revision
 * @param initialScaleReached whether it once had its initial scale
 * @param lastDemandAt last moment with any load, null when there never was
 * @param held what is worth holding while nobody calls, null when only the keep-alive decides
 */
public record ScaleInputs(
        double stableAverage,
        double panicAverage,
        int ready,
        boolean routed,
        boolean initialScaleReached,
        @Nullable Instant lastDemandAt,
        @Nullable Held held) {

    /**
     * Idle instances that are worth their memory now.
     *
     * @param reason why, with the numbers
     */
    public record Held(int instances, String reason) {}

    /** Where nothing but the keep-alive decides. */
    public ScaleInputs(
            double stableAverage,
            double panicAverage,
            int ready,
            boolean routed,
            boolean initialScaleReached,
            @Nullable Instant lastDemandAt) {
        this(stableAverage, panicAverage, ready, routed, initialScaleReached, lastDemandAt, null);
    }
}
