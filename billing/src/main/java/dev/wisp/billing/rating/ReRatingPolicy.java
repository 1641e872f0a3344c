package dev.wisp.billing.rating;

import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
import dev.wisp.contracts.price.Rating;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Recomputes version, billed time and cost from what was measured and when, so that the ledger holds only what anyone can recompute from
 * it. Where a node disagrees the recomputed figures win: the price book is the promise to the customer, the node's arithmetic is not.
 */
public final class ReRatingPolicy {

    private ReRatingPolicy() {}

    /**
     * A record whose version is unknown stays as it is, since a lost record is worse than an unconfirmed one.
     *
     * @throws ArithmeticException when the cost does not fit 63 bits of picos (9.2 million units of currency for one invocation)
     */
    public static RatedRecord rate(PriceBooks books, InvocationRecord record) {
        if (books.version(record.priceVersion()) == null) {
            return new RatedRecord(record, RatingState.UNKNOWN_PRICE);
        }
        InvocationRecord charged = charged(books.at(receivedAt(record)), record);
        return new RatedRecord(charged, charged.equals(record) ? RatingState.CONFIRMED : RatingState.CORRECTED);
    }

    private static Instant receivedAt(InvocationRecord record) {
        return Instant.EPOCH.plus(record.receivedAtMicros(), ChronoUnit.MICROS);
    }

    private static InvocationRecord charged(PriceBook book, InvocationRecord record) {
        long billedMillis = Rating.billedMillis(book, record.outcome(), record.startMicros(), record.appMicros());
        return record.with()
                .billedMillis(billedMillis)
                .priceVersion(book.version())
                .costPicos(Rating.costPicos(
                        book,
                        record.outcome(),
                        billedMillis,
                        record.cpuMicros(),
                        record.cpuMillicores(),
                        record.memoryBytes(),
                        record.bytesOut()))
                .build();
    }
}
