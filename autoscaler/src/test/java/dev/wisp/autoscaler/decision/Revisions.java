package dev.wisp.autoscaler.decision;

import dev.wisp.contracts.revision.ImageRef;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScaleSchedule;
import dev.wisp.contracts.revision.ScalingSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Revisions for tests. */
public final class Revisions {

    public static final Instant CREATED_AT = Instant.parse("2026-01-01T12:00:00Z");
    public static final long MEMORY_BYTES = 128L << 20;

    private Revisions() {}

    /** A revision {@code default/<name>-00001} of service {@code name} without a concurrency limit. */
    public static RevisionSpec revision(String name, ScalingSpec scaling) {
        return requesting(name, scaling, 0);
    }

    /** The same with processor time that is set aside for each instance. */
    public static RevisionSpec requesting(String name, ScalingSpec scaling, int cpuMillicores) {
        return new RevisionSpec(
                new RevisionId("default", name + "-00001"),
                "account",
                name,
                "uid-" + name,
                new ImageRef("wisp.local/" + name, "127.0.0.1/" + name, "sha256:" + "0".repeat(64), true),
                new ProcessSpec(List.of("/hello"), Map.of(), "/", "", 15),
                8080,
                RevisionSpec.Protocol.HTTP1,
                new Limits(1000, MEMORY_BYTES, 64, 16 << 20, cpuMillicores),
                0,
                300_000,
                10_000,
                scaling,
                CREATED_AT);
    }

    /** Knative's defaults with this kind of keep-alive. */
    public static ScalingSpec keeping(ScalingSpec.KeepAlive keepAlive, long keepAliveMillis, int retentionSeconds) {
        return new ScalingSpec(
                0,
                0,
                1,
                1,
                ScalingSpec.Metric.CONCURRENCY,
                0,
                70,
                211,
                60,
                10,
                200,
                0,
                keepAliveMillis,
                keepAlive,
                retentionSeconds,
                ScalingSpec.Averaging.LINEAR,
                List.of(),
                ScalingSpec.DEFAULT_FREEZE_AFTER_MILLIS,
                0);
    }

    /** Knative's defaults with these schedules. */
    public static ScalingSpec scheduled(ScaleSchedule... schedules) {
        return new ScalingSpec(
                0,
                0,
                1,
                1,
                ScalingSpec.Metric.CONCURRENCY,
                0,
                70,
                211,
                60,
                10,
                200,
                0,
                1_000,
                ScalingSpec.KeepAlive.FIXED,
                0,
                ScalingSpec.Averaging.LINEAR,
                List.of(schedules),
                ScalingSpec.DEFAULT_FREEZE_AFTER_MILLIS,
                0);
    }

    /** Knative's defaults with these bounds and this keep-alive. */
    public static ScalingSpec scaling(int minScale, int maxScale, long keepAliveMillis) {
        ScalingSpec defaults = ScalingSpec.DEFAULT;
        return new ScalingSpec(
                minScale,
                maxScale,
                defaults.initialScale(),
                defaults.activationScale(),
                defaults.metric(),
                defaults.target(),
                defaults.targetUtilizationPercent(),
                defaults.targetBurstCapacity(),
                defaults.windowSeconds(),
                defaults.panicWindowPercent(),
                defaults.panicThresholdPercent(),
                defaults.scaleDownDelaySeconds(),
                keepAliveMillis);
    }
}
