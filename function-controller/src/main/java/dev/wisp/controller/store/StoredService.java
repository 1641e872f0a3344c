package dev.wisp.controller.store;

import dev.wisp.contracts.route.Route;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A service as it is stored.
 *
 * @param resourceVersion changes with every write, also of the status; set by the store
 * @param generation grows with every change of the spec
 * @param metadata JSON of the user's labels and annotations
 * @param spec JSON of the spec, defaults filled in
 * @param revisionNumber how many revisions were ever made, which the next one's name comes from
 * @param pinnedRevision where all traffic goes; null means the latest ready revision
 * @param route as last published
 * @param routedAt when the route last changed its targets
 */
public record StoredService(
        UUID uid,
        String namespace,
        String name,
        long resourceVersion,
        long generation,
        Instant createdAt,
        String metadata,
        String spec,
        long revisionNumber,
        String latestCreatedRevision,
        @Nullable String latestReadyRevision,
        @Nullable String pinnedRevision,
        Route route,
        Instant routedAt) {

    /** The same service with another rollout: what is ready and where traffic goes. */
    public StoredService withRollout(@Nullable String latestReady, Route newRoute, Instant at) {
        return new StoredService(
                uid,
                namespace,
                name,
                resourceVersion,
                generation,
                createdAt,
                metadata,
                spec,
                revisionNumber,
                latestCreatedRevision,
                latestReady,
                pinnedRevision,
                newRoute,
                newRoute.targets().equals(route.targets()) ? routedAt : at);
    }
}
