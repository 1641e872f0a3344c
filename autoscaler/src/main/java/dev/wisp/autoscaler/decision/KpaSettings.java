package dev.wisp.autoscaler.decision;

import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import java.time.Duration;

/**
 * What {@link KpaPolicy} is told about one revision; values that are not set per revision are Knative's defaults.
 *
 * @param capacity load one instance can take (requests in flight or per second): Knative's total
 * @param target load one instance is planned for: capacity times the target utilization
 * @param burstCapacity load to keep room for beyond the present one; 0 asks for none, -1 for all there can be
 * @param scaleUpRateMax largest factor of one step up, > 1
 * @param scaleDownRateMax largest factor of one step down, > 1
 * @param panicThreshold desired over ready instances at which panic begins
 * @param stableWindow over which load is averaged
 * @param panicWindow over which load is averaged to notice a burst
 * @param activationScale least instances when there is any load, 0 and 1 mean no such rule
 * @param scaleDownDelay how long a lower demand must last
 */
public record KpaSettings(
        double capacity,
        double target,
        double burstCapacity,
        double scaleUpRateMax,
        double scaleDownRateMax,
        double panicThreshold,
        Duration stableWindow,
        Duration panicWindow,
        int activationScale,
        Duration scaleDownDelay) {

    private static final double SCALE_UP_RATE_MAX = 1000;
    private static final double SCALE_DOWN_RATE_MAX = 2;

    public KpaSettings {
        if (!(capacity > 0) || !(target > 0) || !(scaleUpRateMax > 1) || !(scaleDownRateMax > 1)) {
            throw new IllegalArgumentException(
                    "capacity=%s (> 0), target=%s (> 0), scaleUpRateMax=%s (> 1), scaleDownRateMax=%s (> 1)"
                            .formatted(capacity, target, scaleUpRateMax, scaleDownRateMax));
        }
    }

    public static KpaSettings of(RevisionSpec spec) {
        ScalingSpec scaling = spec.scaling();
        TargetPolicy.Target target = TargetPolicy.target(scaling, spec.containerConcurrency());
        return new KpaSettings(
                target.capacity(),
                target.target(),
                scaling.targetBurstCapacity(),
                SCALE_UP_RATE_MAX,
                SCALE_DOWN_RATE_MAX,
                scaling.panicThresholdPercent() / 100,
                Duration.ofSeconds(scaling.windowSeconds()),
                panicWindow(scaling),
                scaling.activationScale(),
                Duration.ofSeconds(scaling.scaleDownDelaySeconds()));
    }

    private static Duration panicWindow(ScalingSpec scaling) {
        long seconds = Math.round(scaling.windowSeconds() * scaling.panicWindowPercent() / 100);
        return Duration.ofSeconds(Math.max(1, seconds));
    }
}
