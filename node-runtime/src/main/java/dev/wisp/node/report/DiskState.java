package dev.wisp.node.report;

/**
 * What of a segment is on the disk, as far as anybody knows. Guarded by the journal's lock.
 *
 * <pre>
 *   in use ──sync failed──► distrusted ──what it owes is in another file──► replaced
 * </pre>
 */
final class DiskState {

    private enum Trust {
        IN_USE,
        DISTRUSTED,
        REPLACED
    }

    private Trust trust = Trust.IN_USE;
    private long syncedTo;
    private boolean underWay;

    /** Everything below this offset is on the disk; 0 before the first success. */
    long syncedTo() {
        return syncedTo;
    }

    /** Whether nothing of it was brought to the disk yet, not even its name. */
    boolean isFirst() {
        return syncedTo == 0;
    }

    void begin() {
        underWay = true;
    }

    /** It may not be closed now. */
    boolean isUnderWay() {
        return underWay;
    }

    void synced(long upTo) {
        underWay = false;
        syncedTo = upTo;
    }

    /** No later success counts: the kernel has forgotten what it could not write. */
    void failed() {
        underWay = false;
        trust = Trust.DISTRUSTED;
    }

    boolean isDistrusted() {
        return trust != Trust.IN_USE;
    }

    void replaced() {
        trust = Trust.REPLACED;
    }

    /** Acknowledgements of what was handed out from it count no more: the copies will be handed out again. */
    boolean isReplaced() {
        return trust == Trust.REPLACED;
    }
}
