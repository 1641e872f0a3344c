package dev.wisp.autoscaler.decision;

import org.jspecify.annotations.Nullable;

/**
 * How many instances, and why.
 *
 * @param desired within the revision's bounds
 * @param cause the rule that had the last word
 * @param reason the same for people, with the numbers
 * @param idle whether the keep-alive is over, so that what is known of the load no longer counts
 * @param kpa what the formula wanted, null when idle
 */
public record ScaleDecision(
        int desired,
        Cause cause,
        String reason,
        boolean idle,
        @Nullable KpaDecision kpa) {

    /** The rules that can decide. */
    public enum Cause {
        NEVER_CALLED,
        IDLE,
        KEEP_ALIVE,
        HELD,
        DEMAND,
        PANIC,
        PANIC_HOLD,
        STEP,
        SCALE_DOWN_DELAY,
        ACTIVATION_SCALE,
        INITIAL_SCALE,
        MIN_SCALE,
        SCHEDULE,
        MAX_SCALE
    }
}
