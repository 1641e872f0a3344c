package dev.wisp.billing.invoice;

import java.time.Instant;

/**
 * Answer to {@code GET /v1/billing/projected}: totals of invoices, all that only a month has included. Quantities are projected, meter by meter,
 * and then billed: free parts, steps, minimum and tax apply to the month's end as they will.
 *
 * @param soFar as {@code /v1/billing/current} has it
 * @param runRate when each meter goes on at the pace it had so far
 * @param sameWeekday when each meter has on every day that is left what the same weekdays had on average in the last four weeks
 * @param rule the same in words, for who reads the answer
 */
public record ProjectedBill(
        Instant from,
        Instant to,
        Instant at,
        String currency,
        String soFar,
        String runRate,
        String sameWeekday,
        String rule) {

    static final String RULE =
            "Totals of the month's invoice with fee, time without calls, free parts, steps, credit and tax. Quantities are projected by"
                    + " meter: at their pace so far, or each day left like the same weekdays of the last four weeks; what is still to come is billed at the"
                    + " prices in force now. Corrections and credits are those of now.";
}
