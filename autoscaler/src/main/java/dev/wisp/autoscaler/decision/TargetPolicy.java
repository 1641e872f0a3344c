package dev.wisp.autoscaler.decision;

import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.revision.ScalingSpec.Metric;

/** The load one instance is planned for, by Knative's rules. */
public final class TargetPolicy {

    private static final double CONCURRENCY_DEFAULT = 100;
    private static final double RPS_DEFAULT = 200;
    private static final double TARGET_MIN = 0.01;

    private TargetPolicy() {}

    /**
     * Load per instance, in requests in flight or per second.
     *
     * @param capacity what it can take
     * @param target what it is planned for, at least 0.01
     */
    public record Target(double target, double capacity) {}

    /** A hard concurrency limit caps a target that is set by annotation. */
    public static Target target(ScalingSpec scaling, int containerConcurrency) {
        double capacity = capacity(scaling, containerConcurrency);
        return new Target(Math.max(TARGET_MIN, capacity * scaling.targetUtilizationPercent() / 100), capacity);
    }

    private static double capacity(ScalingSpec scaling, int containerConcurrency) {
        if (scaling.metric() == Metric.RPS) {
            return scaling.target() > 0 ? scaling.target() : RPS_DEFAULT;
        }
        if (scaling.target() > 0) {
            return containerConcurrency > 0 ? Math.min(scaling.target(), containerConcurrency) : scaling.target();
        }
        return containerConcurrency > 0 ? containerConcurrency : CONCURRENCY_DEFAULT;
    }
}
