package dev.wisp.contracts.placement;

import dev.wisp.contracts.placement.Taint.Effect;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node may run a revision. Part of the contract because two decide by it: the autoscaler, which plans, and the node, which neither
 * pulls an image for a revision that is not for it nor starts one while it knows no plan.
 */
public final class EligibilityPolicy {

    private static final Eligibility WELCOME = new Eligibility(Level.WELCOME, "");

    private EligibilityPolicy() {}

    /** How welcome a revision is on a node. */
    public enum Level {
        WELCOME,
        /** Others are asked first. */
        AVOIDED,
        /** What runs there stays, nothing is started. */
        KEPT,
        /** What runs there is drained. */
        EVICTED
    }

    /**
     * The answer.
     *
     * @param reason what is in the way, empty when nothing is
     */
    public record Eligibility(Level level, String reason) {

        /** Whether an instance may be started there. */
        public boolean mayStart() {
            return level == Level.WELCOME || level == Level.AVOIDED;
        }
    }

    /** Decides; labels that change later evict nothing, as in Kubernetes. */
    public static Eligibility decide(PlacementSpec placement, Map<String, String> labels, List<Taint> taints) {
        Taint worst = worst(placement, taints);
        if (worst != null && worst.effect() != Effect.PREFER_NO_SCHEDULE) {
            Level level = worst.effect() == Effect.NO_EXECUTE ? Level.EVICTED : Level.KEPT;
            return new Eligibility(level, "taint " + worst);
        }
        NodeRequirement unmet = unmet(placement.required(), labels);
        if (unmet != null) {
            return new Eligibility(Level.KEPT, "no match for " + unmet);
        }
        return worst == null ? WELCOME : new Eligibility(Level.AVOIDED, "taint " + worst);
    }

    /** The gravest taint that is not tolerated. */
    private static @Nullable Taint worst(PlacementSpec placement, List<Taint> taints) {
        Taint worst = null;
        for (Taint taint : taints) {
            boolean tolerated = placement.tolerations().stream().anyMatch(toleration -> toleration.covers(taint));
            if (!tolerated && (worst == null || gravity(taint.effect()) > gravity(worst.effect()))) {
                worst = taint;
            }
        }
        return worst;
    }

    private static int gravity(Effect effect) {
        return switch (effect) {
            case PREFER_NO_SCHEDULE -> 0;
            case NO_SCHEDULE -> 1;
            case NO_EXECUTE -> 2;
        };
    }

    /** What the last of the terms lacks, null when one is met. */
    private static @Nullable NodeRequirement unmet(List<NodeTerm> terms, Map<String, String> labels) {
        NodeRequirement unmet = null;
        for (NodeTerm term : terms) {
            unmet = term.firstUnmet(labels);
            if (unmet == null) {
                return null;
            }
        }
        return unmet;
    }
}
