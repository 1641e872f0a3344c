package dev.wisp.contracts.plan;

/**
 * Which of two plans counts. An epoch is the term of the autoscaler that made the plan, then a count of its plans. Terms grow with every
 * change of owner, so that whatever an old owner says late is behind everything the new one has said.
 */
public final class EpochPolicy {

    private static final int COUNT_BITS = 32;

    private EpochPolicy() {}

    /** The epoch of the {@code count}-th plan of a term; both from 0, below 2³¹ and 2³². */
    public static long epoch(long term, long count) {
        if (term < 0 || term > Integer.MAX_VALUE || count < 0 || count >= 1L << COUNT_BITS) {
            throw new IllegalArgumentException(
                    "term=%d, must be 0..2^31-1, count=%d, must be 0..2^32-1".formatted(term, count));
        }
        return (term << COUNT_BITS) + count;
    }

    public static long term(long epoch) {
        return epoch >> COUNT_BITS;
    }

    /** Whether a plan replaces what is known: the greatest epoch ever seen is kept. The same plan may come twice. */
    public static boolean accepts(long greatestSeen, long epoch) {
        return epoch >= greatestSeen;
    }
}
