package dev.wisp.gateway.admission;

import dev.wisp.contracts.revision.RevisionSpec;

/**
 * What a desk needs of a revision's specification.
 *
 * @param slots requests one instance serves at once, 0 means no limit
 * @param timeoutMillis longest time one request may take
 */
record DeskTerms(int slots, long timeoutMillis) {

    /** Until the specification arrives, which may be a moment after the route: one at a time and Knative's default timeout. */
    static final DeskTerms UNKNOWN = new DeskTerms(1, 300_000);

    private static final long NANOS_PER_MILLI = 1_000_000;

    static DeskTerms of(RevisionSpec spec) {
        return new DeskTerms(spec.containerConcurrency(), spec.timeoutMillis());
    }

    /** Longest time a request is held. */
    long holdNanosMax(HoldLimits limits) {
        return Math.min(timeoutMillis, limits.waitMillisMax()) * NANOS_PER_MILLI;
    }
}
