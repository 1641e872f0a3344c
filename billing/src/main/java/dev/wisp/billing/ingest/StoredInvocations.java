package dev.wisp.billing.ingest;

import dev.wisp.billing.rating.RatedRecord;
import java.util.List;

/** Hears what the ledger took in. */
public interface StoredInvocations {

    /**
     * Called after the commit, on the ingest thread: must not block nor throw.
     *
     * @param records that were new, as stored, in the order of the topic; of a large batch only the newest 200
     */
    void stored(List<RatedRecord> records);
}
