package dev.wisp.billing.console;

import dev.wisp.billing.ingest.StoredInvocations;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.usage.InvocationView;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The newest stored invocations, numbered as they came. Readers ask for what is newer than what they have, so a slow one costs nothing
 * and misses at most what has left the ring. Thread-safe.
 */
@Singleton
class LiveFeed implements StoredInvocations {

    /** What a page shows; more would be lost on its reader. */
    static final int RECORDS_MAX = 200;

    private final Deque<InvocationView> ring = new ArrayDeque<>(RECORDS_MAX);
    private long sequence;

    /**
     * @param sequence number of the newest record, to ask with next time
     * @param records oldest first
     */
    record Slice(long sequence, List<InvocationView> records) {

        Slice {
            records = List.copyOf(records);
        }
    }

    @Override
    public synchronized void stored(List<RatedRecord> records) {
        for (RatedRecord rated : records) {
            if (ring.size() == RECORDS_MAX) {
                ring.removeFirst();
            }
            ring.addLast(InvocationView.of(rated.record(), rated.state()));
            sequence++;
        }
    }

    /** What was stored after the record of this number; 0 asks for all that is kept. */
    synchronized Slice after(long known) {
        int count = (int) Math.min(sequence - known, ring.size());
        List<InvocationView> newer = new ArrayList<>(ring).subList(ring.size() - count, ring.size());
        return new Slice(sequence, newer);
    }
}
