package dev.wisp.billing;

import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.testkit.RevisionSpecs;
import java.time.Instant;

/** Revisions as the controller publishes them. */
public final class Revisions {

    private Revisions() {}

    public static RevisionSpec of(RevisionId id, String service) {
        return of(id, service, Instant.parse("2026-11-23T09:00:00Z"));
    }

    public static RevisionSpec of(RevisionId id, String service, Instant createdAt) {
        return RevisionSpecs.of(id, service)
                .containerConcurrency(1)
                .timeoutMillis(30_000)
                .createdAt(createdAt)
                .build();
    }
}
