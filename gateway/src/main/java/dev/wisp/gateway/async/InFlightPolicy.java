package dev.wisp.gateway.async;

import dev.wisp.contracts.revision.RevisionSpec;
import org.jspecify.annotations.Nullable;

/**
 * How many stored calls of one service are made at once. A service whose instances are bounded keeps half of its slots for those who
 * wait, so that a backlog never fills it.
 */
final class InFlightPolicy {

    private InFlightPolicy() {}

    /** At least 1. */
    static int max(@Nullable RevisionSpec spec, int serviceInFlightMax) {
        if (spec == null || spec.scaling().maxScale() == 0 || spec.containerConcurrency() == 0) {
            return serviceInFlightMax;
        }
        long slots = (long) spec.scaling().maxScale() * spec.containerConcurrency();
        return Math.clamp(slots / 2, 1, serviceInFlightMax);
    }
}
