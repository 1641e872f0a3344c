package dev.wisp.controller.store;

import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A revision as it is stored; its spec never changes.
 *
 * @param number of the service's revisions in the order they were made
 * @param serviceGeneration of the service when it was made
 * @param resourceVersion changes with every write; set by the store
 * @param template JSON of the template it was made from, defaults filled in
 * @param published whether nodes are told to be able to run it
 * @param publishedAt since when, or until when
 * @param retireAt when a published revision without traffic is withdrawn; null means it stays
 */
public record StoredRevision(
        UUID uid,
        RevisionId id,
        UUID serviceUid,
        long number,
        long serviceGeneration,
        long resourceVersion,
        Instant createdAt,
        String template,
        RevisionSpec spec,
        Progress progress,
        boolean published,
        Instant publishedAt,
        @Nullable Instant retireAt) {

    public String name() {
        return id.name();
    }

    public StoredRevision withProgress(Progress newProgress) {
        return with(newProgress, published, publishedAt, retireAt);
    }

    /** Withdraws it at that time unless it gets traffic before; null means it stays. */
    public StoredRevision retiringAt(@Nullable Instant at) {
        return with(progress, published, publishedAt, at);
    }

    public StoredRevision withdrawn(Instant now) {
        return with(progress, false, now, null);
    }

    /** Published again: what nodes said about it earlier no longer counts. */
    public StoredRevision republished(Instant now) {
        return with(Progress.waiting(now), true, now, null);
    }

    private StoredRevision with(
            Progress newProgress, boolean newPublished, Instant newPublishedAt, @Nullable Instant newRetireAt) {
        return new StoredRevision(
                uid,
                id,
                serviceUid,
                number,
                serviceGeneration,
                resourceVersion,
                createdAt,
                template,
                spec,
                newProgress,
                newPublished,
                newPublishedAt,
                newRetireAt);
    }
}
