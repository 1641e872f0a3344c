package dev.wisp.node.sandbox;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;

/**
 * How many parked sandboxes to hold and of which kind: enough for a burst like the latest ones, within bounds. Plain ones fit every image; those with an image
 * already mounted start quicker and fit only it, so that a few are made of plain ones while their revision is in demand.
 */
final class PoolPolicy {

    /** After so long without starts the demand counts half. Refilling takes 2 ms each, so this is for bursts, not for a steady rate. */
    private static final Duration HALF_LIFE = Duration.ofSeconds(5);

    /** The first answer after a start should not compete with refilling for a processor; a start with its answer takes about so long. */
    static final Duration QUIET = Duration.ofMillis(2);

    /** Less than this is no demand: a lone start counts for as long as {@link #HALF_LIFE}. */
    private static final double DEMAND_MIN = 0.5;

    /** Bounds of the pool, mounted ones included. */
    record Bounds(int parkedMin, int parkedMax) {}

    /**
     * @param plain waiting now, without an image
     * @param mounted waiting now, by image
     * @param starting starts under way: they want the processors for themselves
     * @param sinceStart time since the last start was over
     * @param demand decayed number of starts, by image
     * @param demandOfAll the same of all images together
     */
    record Observed(
            int plain,
            Map<ImageRoot, Integer> mounted,
            int starting,
            Duration sinceStart,
            Map<ImageRoot, Double> demand,
            double demandOfAll) {

        Observed {
            mounted = Map.copyOf(mounted);
            demand = Map.copyOf(demand);
        }

        int all() {
            return plain + mounted.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** What to do next. */
    sealed interface Step {

        /** Make a plain one. */
        record Park() implements Step {}

        /** Mount this image for a plain one. */
        record Mount(ImageRoot root) implements Step {}

        /** Throw a plain one away. */
        record Discard() implements Step {}

        /** Throw one of this image away. */
        record DiscardMounted(ImageRoot root) implements Step {}

        /** Nothing, until something changes or so long. */
        record Wait(Duration atMost) implements Step {}
    }

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private PoolPolicy() {}

    /** A counted start fades. */
    static double decayed(double demand, Duration since) {
        return demand * Math.pow(0.5, (double) since.toNanos() / HALF_LIFE.toNanos());
    }

    static Step next(Bounds bounds, Observed observed) {
        int target = target(bounds, observed);
        if (observed.all() == 0 && target > 0) {
            return new Step.Park();
        }
        if (observed.starting() > 0) {
            return new Step.Wait(PATIENCE);
        }
        if (observed.sinceStart().compareTo(QUIET) < 0 && observed.all() > target / 2) {
            return new Step.Wait(QUIET.minus(observed.sinceStart()));
        }
        if (observed.all() < target) {
            return new Step.Park();
        }
        Step mount = mount(target, observed);
        return mount != null ? mount : shrink(target, observed);
    }

    /** How many to hold, of all kinds. */
    static int target(Bounds bounds, Observed observed) {
        return Math.clamp((long) Math.ceil(observed.demandOfAll()), bounds.parkedMin(), bounds.parkedMax());
    }

    /** How many of an image to hold: one less than all may be, because an image that was not seen before needs a plain one. */
    private static int wanted(int target, Observed observed, ImageRoot root) {
        double demand = observed.demand().getOrDefault(root, 0.0);
        if (demand < DEMAND_MIN) {
            return 0;
        }
        double share = demand / Math.max(demand, observed.demandOfAll());
        return (int) Math.min(Math.ceil(demand), Math.floor(share * (target - 1)));
    }

    private static Step.@org.jspecify.annotations.Nullable Mount mount(int target, Observed observed) {
        if (observed.plain() < 2) {
            return null;
        }
        return observed.demand().keySet().stream()
                .filter(root -> observed.mounted().getOrDefault(root, 0) < wanted(target, observed, root))
                .max(Comparator.comparing(root -> observed.demand().getOrDefault(root, 0.0)))
                .map(Step.Mount::new)
                .orElse(null);
    }

    private static Step shrink(int target, Observed observed) {
        for (Map.Entry<ImageRoot, Integer> mounted : observed.mounted().entrySet()) {
            if (mounted.getValue() > wanted(target, observed, mounted.getKey())
                    && (observed.all() > target || observed.plain() == 0 || isForgotten(observed, mounted.getKey()))) {
                return new Step.DiscardMounted(mounted.getKey());
            }
        }
        if (observed.all() > target && observed.plain() > 0) {
            return new Step.Discard();
        }
        return new Step.Wait(PATIENCE);
    }

    /** An image nobody starts any more is let go even when the pool has room: its layers may be removed from the node. */
    private static boolean isForgotten(Observed observed, ImageRoot root) {
        return observed.demand().getOrDefault(root, 0.0) < DEMAND_MIN;
    }
}
