package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.bus.Partitions;
import dev.wisp.contracts.plan.EpochPolicy;
import dev.wisp.contracts.revision.RevisionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which revisions this replica decides on, and under which term. Owned by the loop's thread. */
final class Ownership {

    private final Map<Integer, Long> terms = new HashMap<>();
    private final Set<Integer> rebuilding = new HashSet<>();
    private int partitions = 1;
    private long plans;

    /** The partition came; its revisions are decided on once it was {@link #rebuilt}. */
    void assigned(Signal.PartitionAssigned assigned) {
        partitions = assigned.partitions();
        terms.put(assigned.partition(), assigned.term());
        rebuilding.add(assigned.partition());
    }

    void rebuilt(int partition) {
        rebuilding.remove(partition);
    }

    void revoked(int partition) {
        terms.remove(partition);
        rebuilding.remove(partition);
    }

    int partition(RevisionId revision) {
        return Partitions.of(revision.toString(), partitions);
    }

    boolean owns(RevisionId revision) {
        return terms.containsKey(partition(revision));
    }

    boolean isRebuilding(RevisionId revision) {
        return rebuilding.contains(partition(revision));
    }

    boolean decides(RevisionId revision) {
        return owns(revision) && !isRebuilding(revision);
    }

    int partitions() {
        return terms.size();
    }

    /** -1 for a revision of others. */
    long term(RevisionId revision) {
        return terms.getOrDefault(partition(revision), -1L);
    }

    /** Greater than that of any plan this replica made and of any plan of an owner before it. */
    long nextEpoch(RevisionId revision) {
        return EpochPolicy.epoch(term(revision), plans++);
    }
}
