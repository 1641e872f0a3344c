package dev.wisp.controller.policy;

import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.revision.ScalingSpec.Averaging;
import dev.wisp.contracts.revision.ScalingSpec.KeepAlive;
import dev.wisp.contracts.revision.ScalingSpec.Metric;
import dev.wisp.contracts.revision.ScalingSpecBuilder;

/** Reads the scaling annotations; bounds are Knative's. */
final class ScalingPolicy {

    private static final String PREFIX = "autoscaling.knative.dev/";
    private static final String CLASS = "kpa.autoscaling.knative.dev";

    /** Instances of one revision; far above what a cluster of Wisp nodes holds, so that a slip of the pen is seen. */
    private static final int SCALE_MAX = 100_000;

    private static final double TARGET_MIN = 0.01;
    private static final double TARGET_MAX = 1_000_000;
    private static final int HOUR_SECONDS = 3_600;
    private static final long KEEP_ALIVE_MILLIS_MAX = 24L * HOUR_SECONDS * 1_000;

    private ScalingPolicy() {}

    static ScalingSpec scaling(Annotations annotations) {
        ScalingSpec byDefault = ScalingSpec.DEFAULT;
        checkClass(annotations);
        int min = annotations.integer(PREFIX + "min-scale", byDefault.minScale(), 0, SCALE_MAX);
        int max = annotations.integer(PREFIX + "max-scale", byDefault.maxScale(), 0, SCALE_MAX);
        if (max > 0 && max < min) {
            annotations.refuse(
                    PREFIX + "max-scale", "is %d, must not be below min-scale, which is %d".formatted(max, min));
            max = min;
        }
        return ScalingSpecBuilder.builder()
                .minScale(min)
                .maxScale(max)
                .initialScale(atMost(max, PREFIX + "initial-scale", byDefault.initialScale(), annotations))
                .activationScale(atMost(max, PREFIX + "activation-scale", byDefault.activationScale(), annotations))
                .metric(metric(annotations))
                .target(target(annotations))
                .targetUtilizationPercent(annotations.decimal(
                        PREFIX + "target-utilization-percentage", byDefault.targetUtilizationPercent(), 1, 100))
                .targetBurstCapacity(burstCapacity(annotations))
                .windowSeconds(annotations.seconds(PREFIX + "window", byDefault.windowSeconds(), 6, HOUR_SECONDS))
                .panicWindowPercent(
                        annotations.decimal(PREFIX + "panic-window-percentage", byDefault.panicWindowPercent(), 1, 100))
                .panicThresholdPercent(annotations.decimal(
                        PREFIX + "panic-threshold-percentage", byDefault.panicThresholdPercent(), 110, 1_000))
                .scaleDownDelaySeconds(annotations.seconds(
                        PREFIX + "scale-down-delay", byDefault.scaleDownDelaySeconds(), 0, HOUR_SECONDS))
                .keepAliveMillis(annotations.millis(
                        "wisp.dev/keep-alive", byDefault.keepAliveMillis(), 0, KEEP_ALIVE_MILLIS_MAX))
                .keepAlive(keepAlive(annotations))
                .retentionSeconds(annotations.seconds(
                        PREFIX + "scale-to-zero-pod-retention-period", byDefault.retentionSeconds(), 0, HOUR_SECONDS))
                .averaging(averaging(annotations))
                .schedules(ScheduleReader.schedules(annotations, max, SCALE_MAX))
                .freezeAfterMillis(annotations.millis(
                        "wisp.dev/freeze-after", byDefault.freezeAfterMillis(), 0, KEEP_ALIVE_MILLIS_MAX))
                .keepFrozenMillis(annotations.millis(
                        "wisp.dev/keep-frozen", byDefault.keepFrozenMillis(), 0, KEEP_ALIVE_MILLIS_MAX))
                .build();
    }

    private static void checkClass(Annotations annotations) {
        String name = annotations.text(PREFIX + "class");
        if (name != null && !name.equals(CLASS)) {
            annotations.refuse(PREFIX + "class", "must be " + CLASS);
        }
    }

    private static int atMost(int maxScale, String key, int byDefault, Annotations annotations) {
        int value = annotations.integer(key, byDefault, 1, SCALE_MAX);
        if (maxScale > 0 && value > maxScale) {
            annotations.refuse(key, "is %d, must not be above max-scale, which is %d".formatted(value, maxScale));
        }
        return value;
    }

    private static Metric metric(Annotations annotations) {
        String name = annotations.text(PREFIX + "metric");
        return switch (name) {
            case null -> Metric.CONCURRENCY;
            case "concurrency" -> Metric.CONCURRENCY;
            case "rps" -> Metric.RPS;
            default -> {
                annotations.refuse(PREFIX + "metric", "must be concurrency or rps");
                yield Metric.CONCURRENCY;
            }
        };
    }

    private static KeepAlive keepAlive(Annotations annotations) {
        String key = "wisp.dev/keep-alive-policy";
        String name = annotations.text(key);
        return switch (name) {
            case null -> KeepAlive.FIXED;
            case "fixed" -> KeepAlive.FIXED;
            case "knative" -> KeepAlive.KNATIVE;
            case "histogram" -> KeepAlive.HISTOGRAM;
            case "economic" -> KeepAlive.ECONOMIC;
            default -> {
                annotations.refuse(key, "must be fixed, knative, histogram or economic");
                yield KeepAlive.FIXED;
            }
        };
    }

    private static Averaging averaging(Annotations annotations) {
        String key = PREFIX + "metric-aggregation-algorithm";
        String name = annotations.text(key);
        return switch (name) {
            case null -> Averaging.LINEAR;
            case "linear" -> Averaging.LINEAR;
            case "weighted-exponential" -> Averaging.WEIGHTED_EXPONENTIAL;
            default -> {
                annotations.refuse(key, "must be linear or weighted-exponential");
                yield Averaging.LINEAR;
            }
        };
    }

    /** 0, which stands for "not said", cannot be written. */
    private static double target(Annotations annotations) {
        return annotations.decimal(PREFIX + "target", ScalingSpec.DEFAULT.target(), TARGET_MIN, TARGET_MAX);
    }

    private static double burstCapacity(Annotations annotations) {
        String key = PREFIX + "target-burst-capacity";
        double value = annotations.decimal(key, ScalingSpec.DEFAULT.targetBurstCapacity(), -1, TARGET_MAX);
        if (value < 0 && value != -1) {
            annotations.refuse(key, "must be -1 for no limit, or at least 0");
            return ScalingSpec.DEFAULT.targetBurstCapacity();
        }
        return value;
    }
}
