package dev.wisp.billing.usage;

import dev.wisp.contracts.price.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Answer to {@code GET /v1/billing/projected}.
 *
 * @param soFar what the month's calls have cost
 * @param runRate the month at the pace so far
 * @param sameWeekday the rest of the month at what the same weekdays cost in the last four weeks
 */
public record ProjectedBill(
        Instant from, Instant to, Instant at, String currency, String soFar, String runRate, String sameWeekday) {

    static ProjectedBill of(String currency, Instant from, Instant to, Instant now, List<UsageRow> days) {
        Map<LocalDate, BigInteger> costs = new TreeMap<>();
        BigInteger soFar = BigInteger.ZERO;
        for (UsageRow day : days) {
            costs.put(
                    LocalDate.ofInstant(day.windowStart(), ZoneOffset.UTC),
                    day.sums().costPicos());
            soFar = day.windowStart().isBefore(from)
                    ? soFar
                    : soFar.add(day.sums().costPicos());
        }
        return new ProjectedBill(
                from,
                to,
                now,
                currency,
                money(soFar),
                money(ProjectionPolicy.runRate(soFar, from, to, now)),
                money(ProjectionPolicy.sameWeekday(soFar, costs, to, now)));
    }

    private static String money(BigInteger picos) {
        return Money.decimal(new BigDecimal(picos, 12));
    }
}
