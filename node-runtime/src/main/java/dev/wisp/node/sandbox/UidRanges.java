package dev.wisp.node.sandbox;

import java.util.BitSet;

/** Gives every sandbox a number and a range of host user ids of its own. Thread-safe. */
final class UidRanges {

    /** Ids a sandbox sees: 0 to 65,535. */
    static final int SIZE = 65_536;

    /**
     * From one range to the next. The kernel finds what it counts for a user in 128 lists by the lowest bits of the id and of its 128th part: ids that are 65,536 apart
     * are all in one list, which it walks with interrupts off at every change of ids, 0.2 ms beside 2,000 sandboxes.
     */
    static final int STRIDE = LinuxSandboxConfig.IDS_OF_SANDBOX;

    private final long base;
    private final int slotsMax;
    private final BitSet taken = new BitSet();
    private int next;

    UidRanges(long base, int slotsMax) {
        this.base = base;
        this.slotsMax = slotsMax;
    }

    /** A free slot, or -1. Slots are taken in turn, so that one is reused as late as possible. */
    synchronized int take() {
        int slot = taken.nextClearBit(next);
        if (slot >= slotsMax) {
            slot = taken.nextClearBit(0);
        }
        if (slot >= slotsMax) {
            return -1;
        }
        taken.set(slot);
        next = slot + 1;
        return slot;
    }

    synchronized void giveBack(int slot) {
        taken.clear(slot);
    }

    synchronized boolean isTaken(int slot) {
        return taken.get(slot);
    }

    /** Whether the id is one of a slot that nobody has. */
    boolean isOfNoSlot(long id) {
        long slot = (id - base) / STRIDE;
        return id >= base && slot < slotsMax && !isTaken((int) slot);
    }

    /** Host id of the slot's root. */
    long first(int slot) {
        return base + (long) slot * STRIDE;
    }
}
