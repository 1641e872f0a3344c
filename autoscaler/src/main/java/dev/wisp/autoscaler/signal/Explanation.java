package dev.wisp.autoscaler.signal;

import dev.wisp.autoscaler.decision.BufferPolicy;
import dev.wisp.autoscaler.decision.KpaDecision;
import dev.wisp.autoscaler.decision.KpaSettings;
import dev.wisp.autoscaler.decision.ScaleDecision;
import dev.wisp.autoscaler.explain.Decision;
import dev.wisp.autoscaler.placement.Placement;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.ScalingSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a decision of the loop into what people read. */
final class Explanation {

    /** Requests one gateway is taken to hold and carry at once: Knative's activator capacity. */
    private static final double GATEWAY_CAPACITY = 100;

    private Explanation() {}

    /** The decision's sentence, with what could not be placed, what stays frozen, and with {@link Decision#besides}. */
    static String reason(
            RevisionTrack track, RevisionTrack.Outcome outcome, Placement placement, List<String> besides) {
        List<String> parts = new ArrayList<>();
        parts.add(sentence(outcome.decision(), placement));
        ScalingSpec scaling = track.spec().scaling();
        int beyond = outcome.inputs().ready() - outcome.decision().desired();
        if (beyond > 0 && scaling.freezeAfterMillis() > 0 && scaling.keepFrozenMillis() > 0) {
            parts.add(frozen(beyond, scaling));
        }
        parts.addAll(besides);
        return String.join("; ", parts);
    }

    /** Whether one works, waits or is frozen is its node's to say: the plan does not hold it. */
    private static String frozen(int beyond, ScalingSpec scaling) {
        String seconds = BigDecimal.valueOf(scaling.keepFrozenMillis(), 3)
                .stripTrailingZeros()
                .toPlainString();
        return "%d more may stay frozen for %s s after their keep-alive while nobody needs what they hold"
                .formatted(beyond, seconds);
    }

    private static String sentence(ScaleDecision decision, Placement placement) {
        String where = placement.obstacles().isEmpty() ? "" : " (" + placement.obstacles() + ")";
        if (placement.unplaced() > 0) {
            return "%s; no node has room for %d of %d%s"
                    .formatted(decision.reason(), placement.unplaced(), decision.desired(), where);
        }
        return placement.shares().isEmpty()
                ? "%s; no node may start it%s".formatted(decision.reason(), where)
                : decision.reason();
    }

    static Decision of(
            RevisionTrack track,
            RevisionTrack.Outcome outcome,
            Placement placement,
            List<String> besides,
            RevisionPlan plan,
            Instant now) {
        ScaleDecision decision = outcome.decision();
        return new Decision(
                track.spec().id(),
                now,
                now,
                1,
                decision.desired(),
                decision.cause(),
                reason(track, outcome, placement, besides),
                inputs(track, outcome),
                placement.shares(),
                placement.unplaced(),
                plan.epoch(),
                besides);
    }

    private static Decision.Inputs inputs(RevisionTrack track, RevisionTrack.Outcome outcome) {
        ScalingSpec scaling = track.spec().scaling();
        KpaSettings settings = track.settings();
        KpaDecision kpa = outcome.decision().kpa();
        return new Decision.Inputs(
                outcome.requests(),
                outcome.inputs().stableAverage(),
                outcome.inputs().panicAverage(),
                settings.target(),
                outcome.inputs().ready(),
                scaling.minScale(),
                scaling.maxScale(),
                scaling.keepAliveMillis(),
                outcome.inputs().lastDemandAt(),
                kpa == null ? null : kpa.stableWanted(),
                kpa == null ? null : kpa.panicWanted(),
                kpa == null ? null : panicUntil(settings, kpa),
                kpa == null ? null : kpa.excessBurstCapacity(),
                kpa == null
                        ? null
                        : BufferPolicy.gateways(settings, outcome.inputs().ready(), GATEWAY_CAPACITY));
    }

    private static @Nullable Instant panicUntil(KpaSettings settings, KpaDecision kpa) {
        Instant panicAt = kpa.state().panicAt();
        return panicAt == null ? null : panicAt.plus(settings.stableWindow());
    }
}
