package dev.wisp.autoscaler.decision;

import dev.wisp.autoscaler.decision.ScaleDecision.Cause;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.revision.ScalingSpec.KeepAlive;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The number of instances a revision should have: what {@link KpaPolicy} wants while its last call is younger than its keep-alive, its
 * least number otherwise. A start costs a millisecond here, so the windows need not keep what nobody calls.
 */
public final class ScalePolicy {

    /** Knative's scale-to-zero grace period. */
    private static final int GRACE_SECONDS = 30;

    private ScalePolicy() {}

    /** The KPA state to go on with is the decision's, or {@link KpaState#CALM} after an idle one. */
    public static ScaleDecision decide(
            ScalingSpec scaling, KpaSettings settings, KpaState state, ScaleInputs inputs, Instant now) {
        int least = least(scaling, inputs);
        Instant lastDemandAt = inputs.lastDemandAt();
        if (lastDemandAt == null) {
            return idle(scaling, inputs, least, Cause.NEVER_CALLED, "no call yet");
        }
        Duration idle = Duration.between(lastDemandAt, now);
        long keepAliveMillis = keepAliveMillis(scaling, settings);
        if (idle.toMillis() >= keepAliveMillis) {
            ScaleInputs.Held held = inputs.held();
            int holding = held == null || !inputs.routed() ? 0 : capped(scaling, held.instances());
            return held != null && holding > least
                    ? new ScaleDecision(holding, Cause.HELD, "%d: %s".formatted(holding, held.reason()), true, null)
                    : idle(scaling, inputs, least, Cause.IDLE, ScaleReason.idle(keepAliveMillis, idle));
        }
        KpaPolicy.Observation seen = new KpaPolicy.Observation(
                inputs.stableAverage(), inputs.panicAverage(), inputs.ready(), inputs.routed());
        return active(scaling, inputs, KpaPolicy.decide(settings, state, seen, now), settings, idle);
    }

    /**
     * How long the last call counts. As in Knative, a revision is inactive once its stable window is empty, and stays for the retention
     * then; for the grace period at least when its instances have room for a burst, since only then gateways are not in the path already.
     */
    private static long keepAliveMillis(ScalingSpec scaling, KpaSettings settings) {
        if (scaling.keepAlive() != KeepAlive.KNATIVE) {
            return scaling.keepAliveMillis();
        }
        boolean roomForBurst = settings.burstCapacity() >= 0 && settings.capacity() >= settings.burstCapacity();
        long graceSeconds = roomForBurst ? GRACE_SECONDS : 0;
        return settings.stableWindow().toMillis() + 1_000 * Math.max(graceSeconds, scaling.retentionSeconds());
    }

    private static int capped(ScalingSpec scaling, int instances) {
        return scaling.maxScale() > 0 ? Math.min(instances, scaling.maxScale()) : instances;
    }

    private static ScaleDecision idle(ScalingSpec scaling, ScaleInputs inputs, int least, Cause cause, String reason) {
        if (least == 0) {
            return new ScaleDecision(0, cause, "0: " + reason, true, null);
        }
        Cause floor = floor(scaling, inputs, least);
        String why = switch (floor) {
            case INITIAL_SCALE -> "initial-scale %d not reached yet, %d ready".formatted(least, inputs.ready());
            case SCHEDULE -> ScaleReason.schedule(inputs) + ", " + reason;
            default -> "min-scale %d, %s".formatted(least, reason);
        };
        return new ScaleDecision(least, floor, "%d: %s".formatted(least, why), true, null);
    }

    private static ScaleDecision active(
            ScalingSpec scaling, ScaleInputs inputs, KpaDecision kpa, KpaSettings settings, Duration idle) {
        int least = Math.max(1, least(scaling, inputs));
        int most = scaling.maxScale() > 0 ? scaling.maxScale() : Integer.MAX_VALUE;
        int desired = Math.clamp(kpa.desired(), Math.min(least, most), most);
        Cause cause = cause(scaling, inputs, settings, kpa, desired);
        String reason = ScaleReason.active(scaling, settings, inputs, kpa, desired, cause, idle);
        return new ScaleDecision(desired, cause, reason, false, kpa);
    }

    private static Cause cause(
            ScalingSpec scaling, ScaleInputs inputs, KpaSettings settings, KpaDecision kpa, int desired) {
        if (desired < kpa.desired()) {
            return Cause.MAX_SCALE;
        }
        if (desired > kpa.desired()) {
            return raised(scaling, inputs);
        }
        if (kpa.desired() > kpa.undelayed()) {
            return Cause.SCALE_DOWN_DELAY;
        }
        int wanted = Math.max(kpa.stableWanted(), kpa.panicking() ? kpa.panicWanted() : 0);
        if (desired == wanted) {
            return kpa.panicking() ? Cause.PANIC : Cause.DEMAND;
        }
        if (desired < wanted || (!kpa.panicking() && desired == kpa.stepMin())) {
            return Cause.STEP;
        }
        if (desired == settings.activationScale()) {
            return Cause.ACTIVATION_SCALE;
        }
        return kpa.panicking() ? Cause.PANIC_HOLD : Cause.STEP;
    }

    private static Cause raised(ScalingSpec scaling, ScaleInputs inputs) {
        int least = least(scaling, inputs);
        return least == 0 ? Cause.KEEP_ALIVE : floor(scaling, inputs, least);
    }

    /** What makes the least number as large as it is. */
    private static Cause floor(ScalingSpec scaling, ScaleInputs inputs, int least) {
        if (least <= scaling.minScale()) {
            return Cause.MIN_SCALE;
        }
        return least <= scheduled(inputs) ? Cause.SCHEDULE : Cause.INITIAL_SCALE;
    }

    /**
     * The least number of a revision that a route leads to; without a route it is either not proven yet or replaced, and nobody is
     * served by holding it. An initial scale of 1 is met by the start that proved the revision.
     */
    private static int least(ScalingSpec scaling, ScaleInputs inputs) {
        if (!inputs.routed()) {
            return 0;
        }
        int least = Math.max(scaling.minScale(), scheduled(inputs));
        boolean initial = !inputs.initialScaleReached() && scaling.initialScale() > 1;
        return capped(scaling, initial ? Math.max(least, scaling.initialScale()) : least);
    }

    private static int scheduled(ScaleInputs inputs) {
        ScaleInputs.Scheduled scheduled = inputs.scheduled();
        return scheduled == null ? 0 : scheduled.instances();
    }

    static @Nullable Instant panicUntil(KpaSettings settings, KpaState state) {
        Instant panicAt = state.panicAt();
        return panicAt == null ? null : panicAt.plus(settings.stableWindow());
    }
}
