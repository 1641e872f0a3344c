package dev.wisp.contracts.revision;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * Scaling settings of a revision, from {@code autoscaling.knative.dev/*} annotations; defaults are Knative's but for the
 * keep-alive, which is Wisp's own ({@code wisp.dev/keep-alive}, default 1 s): a start costs a few milliseconds here.
 *
 * @param minScale instances held while nobody calls
 * @param maxScale instances never exceeded, 0 means no limit
 * @param initialScale instances a new revision must reach once before it is ready
 * @param activationScale least instances when scaling up from zero
 * @param metric what is scaled on
 * @param target requests in flight (or per second) per instance, 0 means from containerConcurrency or the default
 * @param targetUtilizationPercent share of the target that is aimed for, 1..100
 * @param targetBurstCapacity Knative's burst capacity, -1 means unlimited
 * @param windowSeconds stable window, 6..3600
 * @param panicWindowPercent panic window as a share of the stable one, 1..100
 * @param panicThresholdPercent load, as a share of capacity, that starts panic, 110..1000
 * @param scaleDownDelaySeconds how long a lower demand must last
 * @param keepAliveMillis how long an idle instance is kept, 0 stops it at once; with another keep-alive than {@link KeepAlive#FIXED} the
 *     least, which nodes keep to without being told
 * @param keepAlive what decides beyond that
 * @param retentionSeconds Knative's pod retention, part of {@link KeepAlive#KNATIVE}
 * @param averaging how load is averaged over a window
 * @param schedules times with more instances than {@code minScale}
 * @param freezeAfterMillis how long an instance is idle before its processes are taken off the processors until the next request; 0 never, which is also
 *     what a spec says that was written before there was a choice
 * @param keepFrozenMillis how long after its keep-alive an idle instance stays frozen, instead of being stopped, while nothing else needs what it holds of
 *     the node; 0 stops it, and so does every spec that was written before there was a choice
 */
@RecordBuilder
public record ScalingSpec(
        int minScale,
        int maxScale,
        int initialScale,
        int activationScale,
        Metric metric,
        double target,
        double targetUtilizationPercent,
        double targetBurstCapacity,
        int windowSeconds,
        double panicWindowPercent,
        double panicThresholdPercent,
        int scaleDownDelaySeconds,
        long keepAliveMillis,
        KeepAlive keepAlive,
        int retentionSeconds,
        Averaging averaging,
        List<ScaleSchedule> schedules,
        long freezeAfterMillis,
        long keepFrozenMillis)
        implements ScalingSpecBuilder.With {

    /** What decides how long idle instances are kept. */
    public enum KeepAlive {
        /** The keep-alive and nothing else. */
        FIXED,
        /** As Knative does: a stable window without load, then grace period or retention. */
        KNATIVE,
        /** The hybrid histogram of "Serverless in the Wild". */
        HISTOGRAM,
        /** As long as the next call is worth more than the memory held until it. */
        ECONOMIC
    }

    /** How load is averaged over a window. */
    public enum Averaging {
        LINEAR,
        WEIGHTED_EXPONENTIAL
    }

    /** What a revision is scaled on. */
    public enum Metric {
        CONCURRENCY,
        RPS
    }

    public static final long DEFAULT_KEEP_ALIVE_MILLIS = 1_000;

    /** Longer than the pauses of a service in use, which then never waits for thawing. */
    public static final long DEFAULT_FREEZE_AFTER_MILLIS = 500;

    public static final ScalingSpec DEFAULT = ScalingSpecBuilder.builder()
            .initialScale(1)
            .activationScale(1)
            .metric(Metric.CONCURRENCY)
            .targetUtilizationPercent(70)
            .targetBurstCapacity(211)
            .windowSeconds(60)
            .panicWindowPercent(10)
            .panicThresholdPercent(200)
            .keepAliveMillis(DEFAULT_KEEP_ALIVE_MILLIS)
            .freezeAfterMillis(DEFAULT_FREEZE_AFTER_MILLIS)
            .build();

    public ScalingSpec {
        keepAlive = keepAlive == null ? KeepAlive.FIXED : keepAlive; // Written before there was a choice.
        averaging = averaging == null ? Averaging.LINEAR : averaging;
        schedules = schedules == null ? List.of() : List.copyOf(schedules);
        if (minScale < 0 || maxScale < 0 || (maxScale > 0 && maxScale < minScale)) {
            throw new IllegalArgumentException("minScale=%d, maxScale=%d, need 0 <= minScale <= maxScale (0 = no limit)"
                    .formatted(minScale, maxScale));
        }
        if (keepAliveMillis < 0 || freezeAfterMillis < 0 || keepFrozenMillis < 0) {
            throw new IllegalArgumentException(
                    "keepAliveMillis=%d, freezeAfterMillis=%d, keepFrozenMillis=%d, must be >= 0"
                            .formatted(keepAliveMillis, freezeAfterMillis, keepFrozenMillis));
        }
    }
}
