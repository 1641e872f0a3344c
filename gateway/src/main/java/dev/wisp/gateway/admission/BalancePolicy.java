package dev.wisp.gateway.admission;

import java.util.List;
import java.util.function.DoubleSupplier;
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

    /**
     * Up to this many instances are compared for the least loaded. Of more, two are drawn and the less loaded is taken (Mitzenmacher, "The
     * power of two choices in randomized load balancing", IEEE TPDS 12(10), 2001): it takes no longer the more there are, and several
     * gateways, of which each knows its own requests only, do not all choose the same one.
     */
    public static final int COMPARED_MAX = 16;

    private BalancePolicy() {}

    /** An instance as the choice sees it. */
    public interface Load {

        /** Requests it serves at once, 0 means no limit. */
        int slots();

        /** Requests this gateway has inside it. */
        int inFlight();

        /** Whether it may be sent requests now. */
        default boolean isOpen() {
            return true;
        }
    }

    /**
     * Index of the instance to use, or {@link #NONE}. Of equally loaded ones the first, for the reason above.
     *
     * @param last one that is taken only if no other has a free slot, null when there is none such
     * @param roll in [0, 1), asked for only when two are drawn
     */
    public static int choose(List<? extends Load> instances, @Nullable Load last, DoubleSupplier roll) {
        if (instances.size() > COMPARED_MAX && !isFirstAvailable(instances.getFirst())) {
            int drawn = chooseOfTwo(instances, last, roll);
            if (drawn != NONE) {
                return drawn;
            }
        }
        return chooseOfAll(instances, last);
    }

    /** {@link #NONE} when neither of the two is free; another may be. */
    private static int chooseOfTwo(List<? extends Load> instances, @Nullable Load last, DoubleSupplier roll) {
        int one = (int) (roll.getAsDouble() * instances.size());
        int other = (int) (roll.getAsDouble() * (instances.size() - 1));
        if (other >= one) {
            other++;
        }
        boolean oneTakes = isFree(instances.get(one)) && !instances.get(one).equals(last);
        boolean otherTakes =
                isFree(instances.get(other)) && !instances.get(other).equals(last);
        if (oneTakes && otherTakes) {
            return instances.get(other).inFlight() < instances.get(one).inFlight() ? other : one;
        }
        if (oneTakes) {
            return one;
        }
        return otherTakes ? other : NONE;
    }

    private static int chooseOfAll(List<? extends Load> instances, @Nullable Load last) {
        int best = NONE;
        int bestInFlight = Integer.MAX_VALUE;
        int lastAt = NONE;
        for (int at = 0; at < instances.size(); at++) {
            Load load = instances.get(at);
            if (!isFree(load)) {
                continue;
            }
            if (load.equals(last)) {
                lastAt = at;
                continue;
            }
            if (isFirstAvailable(load)) {
                return at;
            }
            if (load.inFlight() < bestInFlight) {
                best = at;
                bestInFlight = load.inFlight();
            }
        }
        return best == NONE ? lastAt : best;
    }

    private static boolean isFree(Load load) {
        int slots = load.slots();
        return load.isOpen() && (slots == 0 || load.inFlight() < slots);
    }

    private static boolean isFirstAvailable(Load load) {
        int slots = load.slots();
        return slots != 0 && slots <= FIRST_AVAILABLE_SLOTS_MAX;
    }
}
