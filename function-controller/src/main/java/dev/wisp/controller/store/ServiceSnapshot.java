package dev.wisp.controller.store;

import java.util.List;
import java.util.Optional;

/**
 * A service with all its revisions, read in one transaction: what decisions are made on.
 *
 * @param revisions by number, oldest first
 */
public record ServiceSnapshot(StoredService service, List<StoredRevision> revisions) {

    public ServiceSnapshot {
        revisions = List.copyOf(revisions);
    }

    public Optional<StoredRevision> revision(String name) {
        return revisions.stream()
                .filter(revision -> revision.name().equals(name))
                .findFirst();
    }

    public StoredRevision latestCreated() {
        return revision(service.latestCreatedRevision())
                .orElseThrow(() -> new IllegalStateException("service %s/%s has no revision %s"
                        .formatted(service.namespace(), service.name(), service.latestCreatedRevision())));
    }
}
