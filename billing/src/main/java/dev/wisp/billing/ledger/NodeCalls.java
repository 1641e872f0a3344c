package dev.wisp.billing.ledger;

import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.contracts.invocation.InvocationRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Processor time in records of calls by node and by when they ended, as the statement that merges staged rows makes it. */
public final class NodeCalls {

    /** Length of a tick: an hour's comparison is off by at most this much of calls at each of its ends. */
    public static final long TICK_MICROS = 100_000;

    /** How long they are kept: twice what is compared. A call that ended before, as one that comes after an outage, is none of them. */
    private static final Duration KEPT = Duration.ofHours(2);

    /** For how long all of them are there for certain: what is older may have come too late to be kept, and goes with the next comparison. */
    private static final Duration WHOLE = KEPT.minusMinutes(30);

    /** The tick in which the call of a row of {@code billing.invocation} ended. */
    private static final String TICK =
            "floor((extract(epoch FROM received_at) * 1000000 + queue_us + start_us + app_us) / %d)::bigint"
                    .formatted(TICK_MICROS);

    /**
     * Nodes and ticks whose sum is not that of the records: {@code node_id}, {@code tick}, what is {@code stored} and what it {@code should} be. Of
     * ticks that are not whole any more, those that have more than the records.
     */
    public static final String DIFFERENCES = """
            WITH kept AS (
              SELECT whole, least(whole, (SELECT min(tick) FROM billing.node_calls)) AS first
              FROM (SELECT floor((extract(epoch FROM now()) - %1$d) * 1000000 / %2$d)::bigint AS whole) AS kept
            ), fresh AS (
              SELECT node_id, %3$s AS tick, sum(cpu_us) AS cpu_us FROM billing.invocation
              WHERE id_day >= (SELECT date '1970-01-01' + floor(first * %2$d / 86400000000.0)::integer - 2 FROM kept)
                AND %3$s >= (SELECT first FROM kept)
              GROUP BY 1, 2
            )
            SELECT node_id, tick, stored.cpu_us AS stored, fresh.cpu_us AS should
            FROM fresh FULL JOIN billing.node_calls AS stored USING (node_id, tick)
            WHERE CASE WHEN tick >= (SELECT whole FROM kept) THEN stored.cpu_us IS DISTINCT FROM fresh.cpu_us
              ELSE stored.cpu_us > coalesce(fresh.cpu_us, -1) END
            ORDER BY node_id, tick LIMIT 1
            """.formatted(WHOLE.toSeconds(), TICK_MICROS, TICK);

    private static final Comparator<Key> BY_KEY =
            Comparator.comparing(Key::nodeId).thenComparingLong(Key::tick);

    private static final String UPSERT = """
            INSERT INTO billing.node_calls AS old (node_id, tick, cpu_us) %s
            ON CONFLICT (node_id, tick) DO UPDATE SET cpu_us = old.cpu_us + excluded.cpu_us
            """;

    private static final String ADD = UPSERT.formatted(
            "SELECT * FROM unnest(?::text[], ?::bigint[], ?::bigint[]) AS calls (node_id, tick, cpu_us)");

    private record Key(String nodeId, long tick) {}

    private NodeCalls() {}

    /** The first tick that is kept. */
    public static long oldest(Instant now) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, now.minus(KEPT)) / TICK_MICROS;
    }

    /** Adds what rows of {@code billing.invocation} come to. */
    static String upsertFrom(String rows) {
        return UPSERT.formatted("""
            SELECT node_id, tick, sum(cpu_us) FROM %1$s CROSS JOIN LATERAL (VALUES (%4$s)) AS ended (tick)
            WHERE tick >= floor((extract(epoch FROM now()) - %3$d) * 1000000 / %2$d)::bigint
            GROUP BY 1, 2 ORDER BY 1, 2
            """.formatted(rows, TICK_MICROS, KEPT.toSeconds(), TICK));
    }

    /** Adds what records come to that are all new. */
    static void add(Connection connection, List<RatedRecord> records, Instant now) throws SQLException {
        Collection<Map.Entry<Key, Long>> sums = sums(records, oldest(now)).entrySet();
        if (sums.isEmpty()) {
            return;
        }
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            ArrayColumns.set(add, 1, "text", sums, sum -> sum.getKey().nodeId());
            ArrayColumns.set(add, 2, "bigint", sums, sum -> sum.getKey().tick());
            ArrayColumns.set(add, 3, "bigint", sums, Map.Entry::getValue);
            add.executeUpdate();
        }
    }

    /** In the order in which everybody adds them. */
    private static Map<Key, Long> sums(List<RatedRecord> records, long oldest) {
        Map<Key, Long> sums = new TreeMap<>(BY_KEY);
        for (RatedRecord rated : records) {
            InvocationRecord record = rated.record();
            long tick = tick(record);
            if (tick >= oldest) {
                sums.merge(new Key(record.nodeId(), tick), record.cpuMicros(), Long::sum);
            }
        }
        return sums;
    }

    private static long tick(InvocationRecord record) {
        return Math.floorDiv(
                record.receivedAtMicros() + record.queueMicros() + record.startMicros() + record.appMicros(),
                TICK_MICROS);
    }
}
