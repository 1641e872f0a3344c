package dev.wisp.node.report;

import dev.wisp.contracts.invocation.InvocationBatch;
import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.TimeCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Records of one key on their way to the broker, in the journal one after the other; guarded by the journal's lock. */
final class Shipment {

    private final Segment segment;
    private final String key;
    private final List<EntryFormat.Entry> entries = new ArrayList<>();
    private long next;
    private boolean acked;

    Shipment(Segment segment, EntryFormat.Entry first) {
        this.segment = segment;
        this.key = key(first.payload());
        add(first);
    }

    /** Takes one more entry in; false when its key is another. */
    boolean takes(EntryFormat.Entry entry) {
        if (!key.equals(key(entry.payload()))) {
            return false;
        }
        add(entry);
        return true;
    }

    private void add(EntryFormat.Entry entry) {
        entries.add(entry);
        next = entry.next();
    }

    /** What they travel under: an account, or the node for its processors. */
    String key() {
        return key;
    }

    private static String key(ByteBuffer record) {
        return TimeCodec.isRecord(record) ? TimeCodec.key(record) : InvocationCodec.account(record);
    }

    /** The bytes of the journal, as they are. */
    InvocationBatch batch() {
        return InvocationBatch.of(
                entries.stream().map(EntryFormat.Entry::payload).toList());
    }

    /** What it was made of, as it is in the journal. */
    List<EntryFormat.Entry> entries() {
        return entries;
    }

    int size() {
        return entries.size();
    }

    /** The newest one's moment, microseconds since 1970 UTC. */
    long atMicros() {
        long newest = 0;
        for (EntryFormat.Entry entry : entries) {
            newest = Math.max(newest, InvocationCodec.receivedAtMicros(entry.payload()));
        }
        return newest;
    }

    Segment segment() {
        return segment;
    }

    long next() {
        return next;
    }

    boolean isAcked() {
        return acked;
    }

    void markAcked() {
        acked = true;
    }
}
