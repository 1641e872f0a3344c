package dev.wisp.gateway.budget;

import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.Rating;
import dev.wisp.contracts.revision.RevisionSpec;

/** The most that one call can cost: what its revision may use until its timeout. */
public final class ReservePolicy {

    /** Between a call's timeout and its end, and what the kernel gives out above a quota in one of its periods. */
    public static final long SLACK_MILLIS = 1_000;

    /** Of an answer; nobody knows before how long one is, so a longer one is paid for when it has ended. */
    public static final long ANSWER_BYTES = 16L << 20;

    private static final long MILLICORES = 1_000;

    private ReservePolicy() {}

    /** In picos; {@link Long#MAX_VALUE} when that is more than fits. */
    public static long picos(PriceBook book, RevisionSpec revision) {
        long millis = revision.timeoutMillis() + SLACK_MILLIS;
        long cpuMicros = millis * revision.limits().cpuMillicores() / MILLICORES * 1_000;
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
                    ANSWER_BYTES);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
