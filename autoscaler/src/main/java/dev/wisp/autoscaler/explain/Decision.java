package dev.wisp.autoscaler.explain;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wisp.autoscaler.decision.ScaleDecision.Cause;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One decision as it is kept for people: what was decided, why, and on what.
 *
 * @param at when it was taken
 * @param until when it was last confirmed
 * @param confirmations how often it was taken in a row
 * @param epoch of the plan that carries it
 * @param unplaced instances that no node had room for
 * @param besides the parts of the reason that are not of demand or room: nodes that were given up, a spent cap; empty without any
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Decision(
        RevisionId revision,
        Instant at,
        Instant until,
        long confirmations,
        int desired,
        Cause cause,
        String reason,
        Inputs inputs,
        List<NodeShare> shares,
        int unplaced,
        long epoch,
        @JsonIgnore List<String> besides) {

    /**
     * What it rests on.
     *
     * @param requests in flight or held, by the last reports
     * @param stableAverage load over the stable window
     * @param panicAverage load over the panic window
     * @param target load one instance is planned for
     * @param stableWanted instances by the stable window alone, null when idle
     * @param panicWanted instances by the panic window alone, null when idle
     * @param panicUntil null outside panic
     * @param excessBurstCapacity null when idle
     * @param gatewaysWanted to buffer a burst, null when idle
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Inputs(
            int requests,
            double stableAverage,
            double panicAverage,
            double target,
            int ready,
            int minScale,
            int maxScale,
            long keepAliveMillis,
            @Nullable Instant lastDemandAt,
            @Nullable Integer stableWanted,
            @Nullable Integer panicWanted,
            @Nullable Instant panicUntil,
            @Nullable Long excessBurstCapacity,
            @Nullable Integer gatewaysWanted) {}

    public Decision {
        shares = List.copyOf(shares);
        besides = List.copyOf(besides);
    }

    /** Whether both came out the same for the same cause, whatever the inputs: one that gave a node up is not explained by the next, which knows no such node. */
    boolean isConfirmedBy(Decision next) {
        return desired == next.desired
                && cause == next.cause
                && unplaced == next.unplaced
                && besides.equals(next.besides)
                && shares.equals(next.shares);
    }

    Decision confirmedBy(Decision next) {
        return new Decision(
                revision,
                at,
                next.until,
                confirmations + 1,
                desired,
                cause,
                next.reason,
                next.inputs,
                shares,
                unplaced,
                next.epoch,
                besides);
    }
}
