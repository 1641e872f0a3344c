package dev.wisp.billing.ledger;

import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.contracts.invocation.InvocationRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Processor time in records of calls by node and by when they ended, as the statement that merges staged rows makes it. */
public final class NodeCalls {

    /** Length of a tick: an hour's comparison is off by at most this much of calls at each of its ends. */
    public static final long TICK_MICROS = 100_000;

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

    /** Adds what rows of {@code billing.invocation} come to. */
    static String upsertFrom(String rows) {
        return UPSERT.formatted("""
            SELECT node_id, floor((extract(epoch FROM received_at) * 1000000 + queue_us + start_us + app_us) / %d)::bigint, sum(cpu_us)
            FROM %s GROUP BY 1, 2 ORDER BY 1, 2
            """.formatted(TICK_MICROS, rows));
    }

    /** Adds what records come to that are all new. */
    static void add(Connection connection, List<RatedRecord> records) throws SQLException {
        Map<Key, Long> sums = new HashMap<>();
        for (RatedRecord rated : records) {
            InvocationRecord record = rated.record();
            sums.merge(new Key(record.nodeId(), tick(record)), record.cpuMicros(), Long::sum);
        }
        List<Key> keys = sums.keySet().stream().sorted(BY_KEY).toList();
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            add.setArray(
                    1,
                    connection.createArrayOf(
                            "text", keys.stream().map(Key::nodeId).toArray()));
            add.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint", keys.stream().map(Key::tick).toArray()));
            add.setArray(
                    3,
                    connection.createArrayOf(
                            "bigint", keys.stream().map(sums::get).toArray()));
            add.executeUpdate();
        }
    }

    private static long tick(InvocationRecord record) {
        return Math.floorDiv(
                record.receivedAtMicros() + record.queueMicros() + record.startMicros() + record.appMicros(),
                TICK_MICROS);
    }
}
