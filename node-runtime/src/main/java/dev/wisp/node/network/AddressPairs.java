package dev.wisp.node.network;

import java.util.BitSet;

/** Numbers of address pairs; the lowest is the uplink's and never given. One given back is used again as late as possible. Thread-safe. */
final class AddressPairs {

    private final int count;
    private final BitSet taken = new BitSet();
    private int next = 1;

    AddressPairs(int count) {
        this.count = count;
        taken.set(0);
    }

    /** A free number, or -1. */
    synchronized int take() {
        int pair = taken.nextClearBit(next);
        if (pair >= count) {
            pair = taken.nextClearBit(1);
        }
        if (pair >= count) {
            return -1;
        }
        taken.set(pair);
        next = pair + 1;
        return pair;
    }

    synchronized boolean isTaken(int pair) {
        return taken.get(pair);
    }

    synchronized void giveBack(int pair) {
        taken.clear(pair);
    }
}
