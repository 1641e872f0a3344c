package dev.wisp.autoscaler.decision;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What {@link KpaPolicy} remembers between two decisions on one revision.
 *
 * @param panicAt when panic began or was last prolonged, null outside panic
 * @param panicDesiredMax most instances wanted since panic began: in panic the count never shrinks
 * @param delayed what was wanted within the scale-down delay
 */
public record KpaState(@Nullable Instant panicAt, int panicDesiredMax, DelayedMaximum delayed) {

    /** A revision that was not seen before. */
    public static final KpaState CALM = new KpaState(null, 0, DelayedMaximum.EMPTY);

    /**
     * State after a restart of the autoscaler: windows are empty, so a revision that already runs on several instances begins in panic,
     * which holds them until the windows are full again.
     */
    public static KpaState resumed(int ready, Instant now) {
        return ready > 1 ? new KpaState(now, ready, DelayedMaximum.EMPTY) : CALM;
    }
}
