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
 */
public record ScaleInputs(
        double stableAverage,
        double panicAverage,
        int ready,
        boolean routed,
        boolean initialScaleReached,
        @Nullable Instant lastDemandAt) {}
