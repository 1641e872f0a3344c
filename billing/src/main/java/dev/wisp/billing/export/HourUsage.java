package dev.wisp.billing.export;

import dev.wisp.billing.label.LabelRows;
import dev.wisp.billing.ledger.AccountMonth;
import dev.wisp.billing.ledger.BilledSums;
import dev.wisp.billing.ledger.ChainCut;
import dev.wisp.billing.ledger.ChainKind;
import dev.wisp.billing.rating.Meter;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a revision used in an hour under one version of the prices: by calls that are billed, or by instances without a call.
 *
 * @param state of instances without a call: {@code Idle}, {@code MinScale} when the revision holds them while nobody calls, or {@code
 *     Frozen}; null for calls
 * @param coldStarts calls that started an instance; 0 without a call
 * @param tags the revision's labels as an object of JSON, null when it has none
 */
record HourUsage(
        Instant hour,
        String namespace,
        String service,
        String revision,
        int priceVersion,
        @Nullable String state,
        @Nullable String tags,
        long coldStarts,
        Map<Meter, BigInteger> quantities) {

    private static final String TAGS = """
            (SELECT jsonb_object_agg(label.name, label.value)::text FROM billing.revision_label AS label
              WHERE label.namespace = used.namespace AND label.revision = used.revision
                AND %s)""".formatted(LabelRows.counts("label", "used.hour"));

    private static final String CALLS = """
            WITH %s
            SELECT used.*, %s FROM (
              SELECT date_trunc('hour', received_at, 'UTC') AS hour, namespace, service, revision, price_version, %s,
                count(*) FILTER (WHERE cold_start) AS cold_starts
              FROM billing.invocation AS used
              WHERE %s AND %s
              GROUP BY 1, 2, 3, 4, 5) AS used
            ORDER BY 1, 2, 3, 4, 5
            """.formatted(
                    ChainCut.LATER,
                    TAGS,
                    BilledSums.SUMS,
                    AccountMonth.counted("used", ChainKind.INVOCATIONS, "received_at"),
                    BilledSums.BILLED);

    /**
     * Whole millicore- and byte-milliseconds, as the invoice counts them for the whole month: each row has what the sum so far rises by, so
     * that the rows add up to the invoice's quantity.
     */
    private static final String WITHOUT_CALLS =
            """
            WITH %s, part AS (
              SELECT date_trunc('hour', at, 'UTC') AS hour, namespace, service, revision, price_version, state,
                sum(core_us) AS core_us, sum(memory_us) AS memory_us
              FROM billing.instance_time CROSS JOIN LATERAL (VALUES
                (CASE WHEN reserved THEN 'MinScale' ELSE 'Idle' END, cpu_millicores::numeric * idle_us, memory_bytes::numeric * idle_us),
                ('Frozen', 0, memory_bytes::numeric * frozen_us)) AS stretch (state, core_us, memory_us)
              WHERE %s
              GROUP BY 1, 2, 3, 4, 5, 6
            )
            SELECT hour, namespace, service, revision, price_version, state,
              trunc(sum(core_us) OVER so_far / 1000) - trunc((sum(core_us) OVER so_far - core_us) / 1000),
              trunc(sum(memory_us) OVER so_far / 1000) - trunc((sum(memory_us) OVER so_far - memory_us) / 1000), %s
            FROM part AS used
            WINDOW so_far AS (PARTITION BY price_version ORDER BY hour, namespace, service, revision, state)
            ORDER BY hour, namespace, service, revision, price_version, state
            """.formatted(ChainCut.LATER, AccountMonth.counted("instance_time", ChainKind.INSTANCE_TIME, "at"), TAGS);

    HourUsage {
        quantities = Map.copyOf(quantities);
    }

    BigInteger of(Meter meter) {
        return quantities.getOrDefault(meter, BigInteger.ZERO);
    }

    /** Of the records that a bill counts, and of no other: those that came after it are another's. */
    static List<HourUsage> of(Connection connection, AccountMonth asked) throws SQLException {
        List<HourUsage> usage = new ArrayList<>();
        try (PreparedStatement select = asked.prepare(connection, CALLS);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                usage.add(ofCalls(row));
            }
        }
        try (PreparedStatement select = asked.prepare(connection, WITHOUT_CALLS);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                usage.add(withoutCalls(row));
            }
        }
        return usage;
    }

    private static HourUsage ofCalls(ResultSet row) throws SQLException {
        return read(
                row,
                null,
                row.getString(12),
                row.getLong(11),
                Map.of(
                        Meter.REQUESTS, BigInteger.valueOf(row.getLong(6)),
                        Meter.CPU_TIME, row.getBigDecimal(7).toBigIntegerExact(),
                        Meter.VCPU_TIME, row.getBigDecimal(8).toBigIntegerExact(),
                        Meter.MEMORY_TIME, row.getBigDecimal(9).toBigIntegerExact(),
                        Meter.EGRESS, row.getBigDecimal(10).toBigIntegerExact()));
    }

    private static HourUsage withoutCalls(ResultSet row) throws SQLException {
        return read(
                row,
                row.getString(6),
                row.getString(9),
                0,
                Map.of(
                        Meter.IDLE_VCPU_TIME, row.getBigDecimal(7).toBigIntegerExact(),
                        Meter.IDLE_MEMORY_TIME, row.getBigDecimal(8).toBigIntegerExact()));
    }

    private static HourUsage read(
            ResultSet row,
            @Nullable String state,
            @Nullable String tags,
            long coldStarts,
            Map<Meter, BigInteger> quantities)
            throws SQLException {
        return new HourUsage(
                row.getObject(1, OffsetDateTime.class).toInstant(),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getInt(5),
                state,
                tags,
                coldStarts,
                quantities);
    }
}
