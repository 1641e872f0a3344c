package dev.wisp.node.metering;

import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A stretch of time in which one version of the prices is in force, so that call after call need not look through all of them.
 *
 * @param books those that were looked through
 * @param fromMicros its first microsecond since 1970 UTC that was asked for
 * @param untilMicros when the next version begins, {@link Long#MAX_VALUE} when none is known
 */
record PriceSpan(PriceBooks books, PriceBook book, long fromMicros, long untilMicros) {

    private static final long MICROS_PER_SECOND = 1_000_000;

    /** The stretch from this moment on; throws {@link IllegalStateException} when no version has begun by then. */
    static PriceSpan of(PriceBooks books, long fromMicros) {
        Instant from = Instant.EPOCH.plus(fromMicros, ChronoUnit.MICROS);
        long until = Long.MAX_VALUE;
        for (PriceBook book : books.byVersion().values()) {
            if (book.effectiveFrom().isAfter(from)) {
                until = Math.min(until, firstMicros(book.effectiveFrom()));
            }
        }
        return new PriceSpan(books, books.at(from), fromMicros, until);
    }

    boolean holds(long micros) {
        return micros >= fromMicros && micros < untilMicros;
    }

    /** The first whole microsecond that is not before it; what is too far away for a long is never. */
    private static long firstMicros(Instant instant) {
        if (instant.getEpochSecond() >= Long.MAX_VALUE / MICROS_PER_SECOND) {
            return Long.MAX_VALUE;
        }
        return instant.getEpochSecond() * MICROS_PER_SECOND + Math.ceilDiv(instant.getNano(), 1_000);
    }
}
