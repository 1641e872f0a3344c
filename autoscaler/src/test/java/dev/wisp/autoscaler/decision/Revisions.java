package dev.wisp.autoscaler.decision;

import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScaleSchedule;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.testkit.RevisionSpecs;
import java.time.Instant;
import java.util.List;

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
        return RevisionSpecs.of(new RevisionId("default", name + "-00001"), name)
                .account("account")
                .limits(new Limits(1000, MEMORY_BYTES, 64, 16 << 20, cpuMillicores))
                .scaling(scaling)
                .createdAt(CREATED_AT)
                .build();
    }

    /** Knative's defaults with this kind of keep-alive. */
    public static ScalingSpec keeping(ScalingSpec.KeepAlive keepAlive, long keepAliveMillis, int retentionSeconds) {
        return ScalingSpec.DEFAULT
                .with()
                .keepAliveMillis(keepAliveMillis)
                .keepAlive(keepAlive)
                .retentionSeconds(retentionSeconds)
                .build();
    }

    /** Knative's defaults with these schedules. */
    public static ScalingSpec scheduled(ScaleSchedule... schedules) {
        return ScalingSpec.DEFAULT.withSchedules(List.of(schedules));
    }

    /** Knative's defaults with these bounds and this keep-alive. */
    public static ScalingSpec scaling(int minScale, int maxScale, long keepAliveMillis) {
        return ScalingSpec.DEFAULT
                .with()
                .minScale(minScale)
                .maxScale(maxScale)
                .keepAliveMillis(keepAliveMillis)
                .build();
    }
}
