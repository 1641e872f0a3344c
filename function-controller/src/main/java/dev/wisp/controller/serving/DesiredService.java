package dev.wisp.controller.serving;

import dev.wisp.controller.policy.Workload;
import org.jspecify.annotations.Nullable;

/**
 * A valid service that a client asks for.
 *
 * @param uid the object the client means to change; null means whichever has the name
 * @param resourceVersion the state the client has seen; null means any
 * @param metadata JSON of labels and annotations
 * @param spec JSON with every default filled in
 * @param template JSON of the part of the spec that makes a revision
 * @param revisionName what the client wants the next revision to be called; null leaves it to Wisp
 * @param pinnedRevision where all traffic is to go; null means the latest ready revision
 */
record DesiredService(
        String namespace,
        String name,
        @Nullable String uid,
        @Nullable String resourceVersion,
        String metadata,
        String spec,
        String template,
        Workload workload,
        @Nullable String revisionName,
        @Nullable String pinnedRevision) {}
