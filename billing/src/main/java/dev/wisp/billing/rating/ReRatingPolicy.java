package dev.wisp.billing.rating;

import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.Rating;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes billed time and cost from measured quantities, so that the ledger holds only what anyone can recompute from it. Where a
 * node disagrees the recomputed figures win: the price book is the promise to the customer, the node's arithmetic is not.
 */
public final class ReRatingPolicy {

    private ReRatingPolicy() {}

    /**
     * @param book the record's price version, null when unknown: then the record stays as it is, since a lost record is worse than an
     *     unconfirmed one
     * @throws ArithmeticException when the cost does not fit 63 bits of picos (9.2 million units of currency for one invocation)
     */
    public static RatedRecord rate(@Nullable PriceBook book, InvocationRecord record) {
        if (book == null) {
            return new RatedRecord(record, RatingState.UNKNOWN_PRICE);
        }
        long billedMillis = Rating.billedMillis(book, record.outcome(), record.startMicros(), record.appMicros());
        long costPicos =
                Rating.costPicos(book, record.outcome(), billedMillis, record.cpuMicros(), record.memoryBytes());
        if (billedMillis == record.billedMillis() && costPicos == record.costPicos()) {
            return new RatedRecord(record, RatingState.CONFIRMED);
        }
        return new RatedRecord(withCharge(record, billedMillis, costPicos), RatingState.CORRECTED);
    }

    private static InvocationRecord withCharge(InvocationRecord record, long billedMillis, long costPicos) {
        return new InvocationRecord(
                record.invocationId(),
                record.receivedAtMicros(),
                record.account(),
                record.revision(),
                record.service(),
                record.instanceId(),
                record.nodeId(),
                record.method(),
                record.status(),
                record.outcome(),
                record.queueMicros(),
                record.startMicros(),
                record.appMicros(),
                record.coldStart(),
                billedMillis,
                record.cpuMicros(),
                record.cpuApportioned(),
                record.memoryBytes(),
                record.memoryPeakBytes(),
                record.bytesIn(),
                record.bytesOut(),
                record.priceVersion(),
                costPicos);
    }
}
