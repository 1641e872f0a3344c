package dev.wisp.billing.ledger;

import java.util.Set;
import java.util.UUID;

/** What became of a batch. */
public sealed interface AppendOutcome {

    /**
     * Committed.
     *
     * @param stored rows that were new; the rest of the batch had been stored before
     * @param newest ids of the newest of them, at most {@link Ledger#NEWEST_MAX}
     */
    record Stored(int stored, Set<UUID> newest) implements AppendOutcome {

        public Stored {
            newest = Set.copyOf(newest);
        }
    }

    /** Nothing was written: another reader has moved the offsets, so reading has to begin where the ledger says. */
    record Fenced() implements AppendOutcome {}
}
