package dev.wisp.gateway.budget;

import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.Rating;
import dev.wisp.contracts.revision.RevisionSpec;

/** The most that one call can cost: what its revision may use until its timeout. */
public final class ReservePolicy {

    /** Between a call's timeout and its end, and what the kernel gives out above a quota in one of its periods. */
    public static final long SLACK_MILLIS = 1_000;

    /** Of an answer, and of each further part of a longer one: nobody knows before how long it is. */
    public static final long ANSWER_BYTES = 16L << 20;

    private ReservePolicy() {}

    /** Of one that ends at its timeout, in picos; {@link Long#MAX_VALUE} when that is more than fits. */
    public static long picos(PriceBook book, RevisionSpec revision) {
        return picos(book, revision, revision.timeoutMillis(), ANSWER_BYTES);
    }

    /** The same of one that takes so long and answers with so many bytes. */
    static long picos(PriceBook book, RevisionSpec revision, long runsMillis, long bytesOut) {
        long millis = runsMillis + SLACK_MILLIS;
        // Milliseconds of thousandths of a processor are microseconds of one.
        long cpuMicros = millis * revision.limits().cpuMillicores();
        // Starts come out of the same timeout, so that a book that bills them adds nothing.
        long billedMillis = Rating.billedMillis(book, Outcome.SUCCESS, 0, millis * 1_000);
        try {
            return Rating.costPicos(
                    book,
                    Outcome.SUCCESS,
                    billedMillis,
                    cpuMicros,
                    revision.limits().cpuMillicores(),
                    revision.limits().memoryBytes(),
                    bytesOut);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
