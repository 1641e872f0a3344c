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
 * @param scheduled what the time of day asks for, null when nothing
 * @param held what is worth holding while nobody calls, null when only the keep-alive decides
 */
public record ScaleInputs(
        double stableAverage,
        double panicAverage,
        int ready,
        boolean routed,
        boolean initialScaleReached,
        @Nullable Instant lastDemandAt,
        @Nullable Scheduled scheduled,
        @Nullable Held held) {

    /**
     * A schedule whose time it is.
     *
     * @param instances held in it
     * @param schedule its text
     * @param until its end
     */
    public record Scheduled(int instances, String schedule, Instant until) {}

    /**
     * Idle instances that are worth their memory now.
     *
     * @param reason why, with the numbers
     */
    public record Held(int instances, String reason) {}

    /** Where besides demand nothing but the keep-alive decides. */
    public ScaleInputs(
            double stableAverage,
            double panicAverage,
            int ready,
            boolean routed,
            boolean initialScaleReached,
            @Nullable Instant lastDemandAt) {
        this(stableAverage, panicAverage, ready, routed, initialScaleReached, lastDemandAt, null, null);
    }
}
