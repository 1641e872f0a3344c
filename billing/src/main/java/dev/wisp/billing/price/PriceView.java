package dev.wisp.billing.price;

import dev.wisp.contracts.price.Money;
import dev.wisp.contracts.price.PriceBook;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of the prices as it appears in answers.
 *
 * @param perRequest for each billed invocation, exact, in units of the currency
 * @param perCpuSecond for a second of measured processor time
 * @param perVcpuSecond for a processor of the limit held for a second of billed time
 * @param perGibSecond for a GiB of memory limit held for a second of billed time
 * @param perEgressGb for 10⁹ bytes of answers
 * @param incrementMillis billed time is rounded up to a multiple of this
 * @param terms how a period is billed, null when as the sum of its calls
 */
public record PriceView(
        int version,
        String currency,
        Instant effectiveFrom,
        String perRequest,
        String perCpuSecond,
        String perVcpuSecond,
        String perGibSecond,
        String perEgressGb,
        long incrementMillis,
        boolean startBilled,
        PriceDraft.@Nullable Terms terms) {

    static PriceView of(PriceBook book, PriceDraft.@Nullable Terms terms) {
        return new PriceView(
                book.version(),
                book.currency(),
                book.effectiveFrom(),
                Money.decimal(book.perRequestPicos()),
                Money.decimal(book.perCpuSecondPicos()),
                Money.decimal(book.perVcpuSecondPicos()),
                Money.decimal(book.perGibSecondPicos()),
                Money.decimal(book.perEgressGbPicos()),
                book.incrementMillis(),
                book.startBilled(),
                terms);
    }
}
