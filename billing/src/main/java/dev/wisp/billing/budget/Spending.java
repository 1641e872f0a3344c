package dev.wisp.billing.budget;

import dev.wisp.billing.label.LabelRows;
import dev.wisp.billing.ledger.ArrayColumns;
import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.rating.Fraction;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.WaitingCostPolicy;
import dev.wisp.billing.usage.UsageWindow;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a month counts for a budget, in one transaction: what its calls cost each by itself, and what its instances' time without calls costs at
 * the list's price of the version in force when it was recorded. Free parts, steps, discounts, fee, minimum and tax are of the whole account's
 * month and no namespace's own, so that they are in no budget. One thread at a time.
 */
final class Spending {

    /** Four parameters: the namespace twice, null for all, and names and values of the labels that a revision must have. */
    private static final String COVERED = """
             AND (?::text IS NULL OR used.namespace = ?) AND NOT EXISTS (
              SELECT FROM unnest(?::text[], ?::text[]) AS wanted (name, value) WHERE NOT EXISTS (
                SELECT FROM billing.revision_label AS label
                WHERE label.namespace = used.namespace AND label.revision = used.revision
                  AND label.name = wanted.name AND label.value = wanted.value
                  AND %s))""".formatted(LabelRows.counts("label", "used.bucket"));

    /** Days of the month, by version of the prices. */
    private static final String MONTH = """
            SELECT price_version, sum(cost_picos), sum(idle_millicore_us), sum(idle_memory_byte_us + frozen_memory_byte_us)
            FROM billing.usage_day AS used WHERE bucket >= ?
            """ + COVERED + " GROUP BY price_version";

    /** Days, then hours of the last day, then minutes of the last hour. */
    private static final String CALLS_BEFORE = """
            SELECT coalesce(sum(cost_picos), 0) FROM (
                SELECT bucket, namespace, revision, cost_picos FROM billing.usage_day WHERE bucket >= ? AND bucket < ?
                UNION ALL
                SELECT bucket, namespace, revision, cost_picos FROM billing.usage_hour WHERE bucket >= ? AND bucket < ?
                UNION ALL
                SELECT bucket, namespace, revision, cost_picos FROM billing.usage_minute WHERE bucket >= ? AND bucket < ?
            ) AS used WHERE TRUE
            """ + COVERED;

    private final Connection connection;
    private @Nullable Map<Integer, PriceTerms> terms;

    /**
     * @param callPicos of calls, each by itself
     * @param waitingPicos of instances without a call
     */
    record Spent(BigInteger callPicos, BigInteger waitingPicos) {

        BigInteger picos() {
            return callPicos.add(waitingPicos);
        }
    }

    Spending(Connection connection) {
        this.connection = connection;
    }

    /** All that is recorded since a month began. */
    Spent ofMonth(Budget budget, Instant monthFrom) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(MONTH)) {
            select.setObject(1, utc(monthFrom));
            covered(select, 2, budget);
            BigInteger calls = BigInteger.ZERO;
            Fraction waiting = Fraction.ZERO;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    calls = calls.add(row.getBigDecimal(2).toBigInteger());
                    waiting = waiting.plus(waiting(row));
                }
            }
            return new Spent(calls, waiting.roundHalfEven());
        }
    }

    /** Only of calls, received before a full minute. */
    static BigInteger callsBefore(Connection connection, Budget budget, Instant monthFrom, Instant before)
            throws SQLException {
        Instant day = later(monthFrom, UsageWindow.DAY.floor(before));
        Instant hour = later(monthFrom, UsageWindow.HOUR.floor(before));
        try (PreparedStatement select = connection.prepareStatement(CALLS_BEFORE)) {
            int at = 1;
            for (Instant bound : List.of(monthFrom, day, day, hour, hour, before)) {
                select.setObject(at++, utc(bound));
            }
            covered(select, at, budget);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBigDecimal(1).toBigInteger();
            }
        }
    }

    private Fraction waiting(ResultSet row) throws SQLException {
        BigDecimal millicores = row.getBigDecimal(3);
        BigDecimal memory = row.getBigDecimal(4);
        if (millicores.signum() == 0 && memory.signum() == 0) {
            return Fraction.ZERO;
        }
        return WaitingCostPolicy.picos(terms(), row.getInt(1), millicores, memory);
    }

    /** Read when they are needed first: most budgets are of namespaces without such time. */
    private Map<Integer, PriceTerms> terms() throws SQLException {
        Map<Integer, PriceTerms> known = terms;
        if (known == null) {
            known = PriceStore.periodTerms(connection);
            terms = known;
        }
        return known;
    }

    private static void covered(PreparedStatement select, int at, Budget budget) throws SQLException {
        select.setString(at, budget.namespace());
        select.setString(at + 1, budget.namespace());
        ArrayColumns.set(select, at + 2, "text", budget.labels().entrySet(), Map.Entry::getKey);
        ArrayColumns.set(select, at + 3, "text", budget.labels().entrySet(), Map.Entry::getValue);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
