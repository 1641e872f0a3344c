package dev.wisp.node.metering;

/**
 * Divides an instance's processor time among its invocations. Whenever one begins or ends the counter is read, and what was used since
 * the last reading is shared equally by those in flight in between; that is the share by time in flight, exact for one alone. To end an
 * invocation in constant time the sum of all equal shares is kept as a running total, and an invocation's part is the difference of
 * that total over its life, rounded down; the last one of a busy stretch gets the rest. So over every busy stretch the parts sum to the
 * counter's difference to the microsecond. What an instance uses with nothing in flight is nobody's.
 */
final class CpuApportionPolicy {

    /**
     * With several in flight a reading this young serves again: their parts are shares by time anyhow, and at thousands of calls a second
     * two readings for each would cost more than the rest of the metering. It moves at most this much of processor time between
     * invocations that overlap, never beyond their busy stretch.
     */
    static final long READING_FRESH_NANOS = 1_000_000;

    /** The running total is kept in 1/65536 µs, so that a thousand invocations lose less than one microsecond to rounding. */
    private static final int FRACTION_BITS = 16;

    private CpuApportionPolicy() {}

    /**
     * One instance's books.
     *
     * @param counterMicros last reading
     * @param inFlight invocations now
     * @param overlaps grows whenever an invocation joins another
     * @param equalShare running total of equal shares, in 1/65536 µs
     * @param usedMicros used in this busy stretch
     * @param assignedMicros of it, given to invocations that ended
     */
    record Shares(
            long counterMicros, int inFlight, long overlaps, long equalShare, long usedMicros, long assignedMicros) {

        static final Shares NONE = new Shares(0, 0, 0, 0, 0, 0);

        /** Used since the last reading. */
        private long usedTo(long counter) {
            return Math.max(0, counter - counterMicros);
        }

        private long equalShareTo(long counter) {
            return equalShare + (inFlight == 0 ? 0 : (usedTo(counter) << FRACTION_BITS) / inFlight);
        }

        /** Read anew, with so many in flight from then on. */
        private Shares readTo(long counter, int inFlightAfter, long overlapsAfter, long assignedAfter) {
            return new Shares(
                    Math.max(counter, counterMicros),
                    inFlightAfter,
                    overlapsAfter,
                    equalShareTo(counter),
                    usedMicros + usedTo(counter),
                    assignedAfter);
        }
    }

    /** What an invocation remembers from its begin to its end. */
    record Mark(long equalShare, long overlaps, boolean alone) {}

    /** After a begin. */
    record Begun(Shares shares, Mark mark) {}

    /**
     * After an end.
     *
     * @param apportioned whether another invocation was in flight at any time during this one
     */
    record Ended(Shares shares, long cpuMicros, boolean apportioned) {}

    /** Whether one that begins needs a new reading: always when it is alone, for then its part is exact. */
    static boolean isReadAtBegin(Shares before, long readingAgeNanos) {
        return before.inFlight() == 0 || readingAgeNanos >= READING_FRESH_NANOS;
    }

    /** Whether one that ends needs a new reading: always when nothing is in flight afterwards, for then the stretch's sum is exact. */
    static boolean isReadAtEnd(Shares before, long readingAgeNanos) {
        return before.inFlight() <= 1 || readingAgeNanos >= READING_FRESH_NANOS;
    }

    /** The counter's last reading, for a {@link #begin} or {@link #end} that needs no new one. */
    static long lastReading(Shares before) {
        return before.counterMicros();
    }

    static Begun begin(Shares before, long counterMicros) {
        if (before.inFlight() == 0) {
            Shares fresh = new Shares(counterMicros, 1, before.overlaps(), 0, 0, 0);
            return new Begun(fresh, new Mark(0, before.overlaps(), true));
        }
        Shares joined =
                before.readTo(counterMicros, before.inFlight() + 1, before.overlaps() + 1, before.assignedMicros());
        return new Begun(joined, new Mark(joined.equalShare(), joined.overlaps(), false));
    }

    static Ended end(Shares before, Mark mark, long counterMicros) {
        if (before.inFlight() == 0) {
            throw new IllegalStateException("no invocation is in flight");
        }
        long rest = before.usedMicros() + before.usedTo(counterMicros) - before.assignedMicros();
        long equal = (before.equalShareTo(counterMicros) - mark.equalShare()) >> FRACTION_BITS;
        long share = before.inFlight() == 1 ? rest : Math.min(rest, equal);
        Shares after =
                before.readTo(counterMicros, before.inFlight() - 1, before.overlaps(), before.assignedMicros() + share);
        return new Ended(after, share, !mark.alone() || mark.overlaps() != before.overlaps());
    }
}
