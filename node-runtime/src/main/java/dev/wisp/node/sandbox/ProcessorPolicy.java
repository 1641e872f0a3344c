package dev.wisp.node.sandbox;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Which sandboxes are kept to part of the processors, and to which. One that computes without a pause is kept to as many as its limit lets it use up, so that the others wake on a processor
 * that is not taken: on a kernel that does not preempt by itself whoever wakes on a taken one may wait for the scheduler's next tick, some milliseconds.
 *
 * <p>Where both share a processor all the same, the slice decides: who wakes with a shorter one than whoever is running takes its place as soon as it is owed time, instead of at the next tick.
 *
 * <p>It takes nothing that the limit gives: a sandbox limited to 1.5 processors has two. Pure.
 */
final class ProcessorPolicy {

    /** In one look this share of a processor makes a sandbox heavy: a half. */
    private static final int HEAVY_PARTS = 2;

    /** Less than this share of a processor is calm: a quarter. */
    private static final int CALM_PARTS = 4;

    /** So many calm looks in a row free it: a workload that pauses between two requests does not move each time. */
    static final int CALM_LOOKS = 100;

    /** Many times the kernel's own (0.7 ms for each doubling of processors), and still a fifth of a period in which a quota is spent. */
    static final long LONG_SLICE_NANOS = 20_000_000;

    private static final int MILLICORES = 1_000;

    private ProcessorPolicy() {}

    /** A sandbox that is kept to some processors. */
    record Kept(int millicores, BitSet processors) {}

    static boolean isHeavy(long usedMicros, long tookMicros) {
        return usedMicros * HEAVY_PARTS >= tookMicros;
    }

    static boolean isCalm(long usedMicros, long tookMicros) {
        return usedMicros * CALM_PARTS < tookMicros;
    }

    /** How many processors a limit can use up. */
    static int needed(int millicores) {
        return Math.ceilDiv(millicores, MILLICORES);
    }

    /**
     * The processors for one more: of those that stay within what a processor can give, the fullest, so that others stay empty. All of them when too few have room, or when it could use up as many as
     * there are: kept to a full one it would have less than its limit gives.
     */
    static BitSet choose(int millicores, BitSet all, List<Kept> others) {
        int needed = needed(millicores);
        int room = MILLICORES - millicores / needed;
        BitSet chosen = new BitSet();
        all.stream()
                .boxed()
                .filter(processor -> load(processor, others) <= room)
                .sorted(Comparator.<Integer>comparingInt(processor -> -load(processor, others))
                        .thenComparing(Comparator.reverseOrder()))
                .limit(needed)
                .forEach(chosen::set);
        return chosen.cardinality() == needed ? chosen : (BitSet) all.clone();
    }

    private static int load(int processor, List<Kept> others) {
        return others.stream()
                .filter(kept -> kept.processors().get(processor))
                .mapToInt(kept -> kept.millicores() / kept.processors().cardinality())
                .sum();
    }
}
