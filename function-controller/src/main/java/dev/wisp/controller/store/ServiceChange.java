package dev.wisp.controller.store;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What a decision does to a service, written in one transaction.
 *
 * @param service as it is afterwards
 * @param revisions new ones and changed ones
 * @param forgotten revisions that go
 * @param messages told to the others, in this order
 */
public record ServiceChange(
        StoredService service, List<StoredRevision> revisions, List<UUID> forgotten, List<OutboxMessage> messages) {

    public ServiceChange {
        revisions = List.copyOf(revisions);
        forgotten = List.copyOf(forgotten);
        messages = List.copyOf(messages);
    }

    /** The same change with a revision that was new or changed before it was planned, and with what is to be told first. */
    public ServiceChange after(StoredRevision revision, List<OutboxMessage> first) {
        List<StoredRevision> all = new ArrayList<>(revisions);
        if (all.stream().noneMatch(changed -> changed.uid().equals(revision.uid()))) {
            all.add(revision);
        }
        List<OutboxMessage> told = new ArrayList<>(first);
        told.addAll(messages);
        return new ServiceChange(service, all, forgotten, told);
    }

    /** Revisions that have an outcome by this change, and had none or another before. */
    List<StoredRevision> settled(ServiceSnapshot before) {
        return revisions.stream()
                .filter(after -> after.progress().state().isOutcome())
                .filter(after -> before.revision(after.name())
                        .map(was -> was.progress().state() != after.progress().state())
                        .orElse(true))
                .toList();
    }

    boolean isNothing(ServiceSnapshot before) {
        return service.equals(before.service()) && revisions.isEmpty() && forgotten.isEmpty() && messages.isEmpty();
    }
}
