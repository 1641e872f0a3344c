package dev.wisp.gateway.admission;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses the instance that a request goes to. */
public final class BalancePolicy {

    /** No instance has a free slot. */
    public static final int NONE = -1;

    /**
     * Up to this many slots the first instance with a free one is taken: with so few, instances are either free or full, and filling
     * the front ones lets those at the back fall idle and stop. Knative draws the line at the same number.
     */
    public static final int FIRST_AVAILABLE_SLOTS_MAX = 3;

    private BalancePolicy() {}

    /** An instance as the choice sees it. */
    public interface Load {

        /** Requests it serves at once, 0 means no limit. */
        int slots();

        /** Requests this gateway has inside it. */
        int inFlight();
    }

    /**
     * Index of the instance to use, or {@link #NONE}. Of equally loaded ones the first, for the reason above.
     *
     * @param last one that is taken only if no other has a free slot, null when there is none such
     */
    public static int choose(List<? extends Load> instances, @Nullable Load last) {
        int best = NONE;
        int bestInFlight = Integer.MAX_VALUE;
        int lastAt = NONE;
        for (int at = 0; at < instances.size(); at++) {
            Load load = instances.get(at);
            int slots = load.slots();
            int inFlight = load.inFlight();
            if (slots != 0 && inFlight >= slots) {
                continue;
            }
            if (load.equals(last)) {
                lastAt = at;
                continue;
            }
            if (slots != 0 && slots <= FIRST_AVAILABLE_SLOTS_MAX) {
                return at;
            }
            if (inFlight < bestInFlight) {
                best = at;
                bestInFlight = inFlight;
            }
        }
        return best == NONE ? lastAt : best;
    }
}
