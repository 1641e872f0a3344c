package dev.wisp.billing.label;

import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * The labels of a revision, which never change.
 *
 * @param serviceUid of its service: a revision of the same name of a service that was made anew is another one
 * @param madeOn the day, in UTC, on which the revision was made
 */
public record LabelSet(RevisionId revision, String serviceUid, LocalDate madeOn, Map<String, String> labels) {

    public LabelSet {
        labels = Map.copyOf(labels);
    }

    /** As the controller publishes it. */
    static LabelSet of(RevisionSpec spec) {
        return new LabelSet(
                spec.id(), spec.serviceUid(), LocalDate.ofInstant(spec.createdAt(), ZoneOffset.UTC), spec.labels());
    }
}
