package dev.wisp.node.report;

import dev.wisp.contracts.invocation.InvocationBatch;
import dev.wisp.contracts.invocation.InvocationCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Finished invocations of one account on their way to the broker, in the journal one after the other; guarded by the journal's lock. */
final class Shipment {

    private final Segment segment;
    private final String account;
    private final List<ByteBuffer> records = new ArrayList<>();
    private long next;
    private boolean acked;

    Shipment(Segment segment, EntryFormat.Entry first) {
        this.segment = segment;
        this.account = InvocationCodec.account(first.payload());
        add(first);
    }

    /** Takes one more entry in; false when it is another account's. */
    boolean takes(EntryFormat.Entry entry) {
        if (!account.equals(InvocationCodec.account(entry.payload()))) {
            return false;
        }
        add(entry);
        return true;
    }

    private void add(EntryFormat.Entry entry) {
        records.add(entry.payload());
        next = entry.next();
    }

    String account() {
        return account;
    }

    /** The bytes of the journal, as they are. */
    InvocationBatch batch() {
        return InvocationBatch.of(records);
    }

    int size() {
        return records.size();
    }

    /** When the newest of them was received, microseconds since 1970 UTC. */
    long receivedAtMicros() {
        long newest = 0;
        for (ByteBuffer record : records) {
            newest = Math.max(newest, InvocationCodec.receivedAtMicros(record));
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
