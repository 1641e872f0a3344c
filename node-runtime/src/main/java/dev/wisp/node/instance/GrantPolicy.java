package dev.wisp.node.instance;

import dev.wisp.contracts.dataplane.StartOutcome.Refusal;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import org.jspecify.annotations.Nullable;

/** Whether this node may start one more instance of a revision; what the plan grants and what max-scale allows, no free resources. */
final class GrantPolicy {

    private GrantPolicy() {}

    /** Who wants an instance. */
    enum Purpose {
        /** A gateway with requests waiting: up to {@code count + burst}. */
        GATEWAY,
        /** The node itself: up to {@code count}. */
        PLAN,
        /** The deployment probe: one. */
        PROBE
    }

    /** The answer. */
    sealed interface Decision {

        /** Go ahead. */
        record Granted() implements Decision {}

        /** No; the detail has the numbers. */
        record Denied(Refusal refusal, String detail) implements Decision {}
    }

    /**
     * Decides.
     *
     * @param share this node's part of the newest plan, null when no plan is known yet
     * @param maxScale the revision's, 0 means no limit
     * @param burstWithoutPlan how many a gateway may have while no plan is known; with a max-scale one, because other nodes may do the same
     * @param live instances that serve or may come to serve
     */
    static Decision decide(Purpose purpose, @Nullable NodeShare share, int maxScale, int burstWithoutPlan, int live) {
        int granted = granted(purpose, share, maxScale, burstWithoutPlan);
        int limit = maxScale == 0 ? granted : Math.min(granted, maxScale);
        if (live < limit) {
            return new Decision.Granted();
        }
        return new Decision.Denied(
                Refusal.NO_GRANT,
                "%d live, the plan grants %s here, max-scale %s"
                        .formatted(
                                live, share == null ? granted + " without a plan" : String.valueOf(granted), maxScale));
    }

    private static int granted(Purpose purpose, @Nullable NodeShare share, int maxScale, int burstWithoutPlan) {
        return switch (purpose) {
            case PROBE -> 1;
            case PLAN -> share == null ? 0 : share.count();
            case GATEWAY -> {
                if (share == null) {
                    yield maxScale == 0 ? burstWithoutPlan : 1;
                }
                yield (int) Math.min((long) share.count() + share.burst(), Integer.MAX_VALUE);
            }
        };
    }
}
