package dev.wisp.node.report;

import dev.wisp.contracts.invocation.InvocationCodec;
import dev.wisp.contracts.invocation.InvocationRecord;
import org.jspecify.annotations.Nullable;

/** A finished invocation on its way to the broker, and its place in the journal; guarded by the journal's lock. */
final class Shipment {

    private final Segment segment;
    private final long next;
    private final InvocationRecord record;
    private boolean acked;

    private Shipment(Segment segment, long next, InvocationRecord record) {
        this.segment = segment;
        this.next = next;
        this.record = record;
    }

    /** Null for an entry that no longer decodes, which its checksum makes all but impossible. */
    static @Nullable Shipment of(Segment segment, EntryFormat.Entry entry) {
        try {
            return new Shipment(segment, entry.next(), InvocationCodec.decode(entry.payload()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    InvocationRecord record() {
        return record;
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
