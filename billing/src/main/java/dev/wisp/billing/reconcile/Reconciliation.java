package dev.wisp.billing.reconcile;

import dev.wisp.billing.ledger.NodeCalls;
import dev.wisp.billing.ledger.Seal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Processor time of a node's sandboxes in the periods that ended in the last hour: what the kernel counted against what the ledger has of instances and of
 * making sandboxes, and against what it has of calls, of instances between calls and of making sandboxes. The first finds records of instances that are
 * missing, the second those of calls.
 */
public final class Reconciliation {

    /** Periods that ended in this time are compared. */
    static final Duration WINDOW = Duration.ofHours(1);

    private static final Duration KEPT = Duration.ofDays(7);

    /** Below, a millisecond more or less of a sandbox that waits is a large part. */
    private static final long COUNTED_MICROS_MIN = 1_000_000;

    /** A call belongs to the period in which it ended; the first period of a run begins with it. */
    private static final String NODES = """
            WITH period AS (
              SELECT node_id, run, period, at, counted_us, prepared_us,
                coalesce(lag(at) OVER (PARTITION BY node_id, run ORDER BY period), to_timestamp(run / 1e6)) AS began
              FROM billing.node_cpu
            )
            SELECT cpu.node_id, sum(cpu.counted_us), sum(cpu.prepared_us), coalesce(sum(times.cpu_us), 0), coalesce(sum(times.call_cpu_us), 0),
              coalesce(sum(calls.cpu_us), 0), max(cpu.at)
            FROM period AS cpu
            LEFT JOIN LATERAL (SELECT sum(cpu_us) AS cpu_us, sum(call_cpu_us) AS call_cpu_us FROM billing.instance_time AS t
              WHERE t.node_id = cpu.node_id AND t.run = cpu.run AND t.period = cpu.period) AS times ON true
            LEFT JOIN LATERAL (SELECT sum(cpu_us) AS cpu_us FROM billing.node_calls AS c
              WHERE c.node_id = cpu.node_id AND c.tick >= floor(extract(epoch FROM cpu.began) * 1000000 / %1$d)::bigint
                AND c.tick < floor(extract(epoch FROM cpu.at) * 1000000 / %1$d)::bigint) AS calls ON true
            WHERE cpu.at > ? GROUP BY cpu.node_id ORDER BY cpu.node_id
            """.formatted(NodeCalls.TICK_MICROS);

    private static final String FORGET_NODES =
            "WITH gone AS (DELETE FROM billing.node_cpu WHERE at < ? RETURNING *) " + Seal.NODE_CPU.remove("gone");

    private Reconciliation() {}

    /**
     * One node.
     *
     * @param countedMicros by the kernel
     * @param instanceMicros of it, in the records of instances
     * @param callMicros of it, in the records of calls
     * @param betweenCallsMicros of it, in the records of instances beyond what they say of calls; less than nothing when calls that ended have used
     *     processors before the hour
     * @param preparedMicros of it, used to make sandboxes ahead: the platform's own
     * @param gap the part that is neither in records of instances nor prepared, negative when they say more than was counted; 0 below a second
     * @param callGap the same of records of calls, between calls, and prepared
     */
    public record Node(
            String nodeId,
            long countedMicros,
            long instanceMicros,
            long callMicros,
            long betweenCallsMicros,
            long preparedMicros,
            double gap,
            double callGap,
            Instant until) {}

    public static List<Node> nodes(Connection connection, Instant now) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NODES)) {
            select.setObject(1, now.minus(WINDOW).atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                List<Node> nodes = new ArrayList<>();
                while (row.next()) {
                    nodes.add(node(row));
                }
                return nodes;
            }
        }
    }

    private static Node node(ResultSet row) throws SQLException {
        long counted = row.getLong(2);
        long prepared = row.getLong(3);
        long instances = row.getLong(4);
        long betweenCalls = instances - row.getLong(5);
        long calls = row.getLong(6);
        return new Node(
                row.getString(1),
                counted,
                instances,
                calls,
                betweenCalls,
                prepared,
                gap(counted, prepared + instances),
                gap(counted, prepared + betweenCalls + calls),
                row.getObject(7, OffsetDateTime.class).toInstant());
    }

    /** What was compared long ago is of no use. */
    static void forget(Connection connection, Instant now) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(FORGET_NODES)) {
            delete.setObject(1, now.minus(KEPT).atOffset(ZoneOffset.UTC));
            delete.executeUpdate();
        }
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM billing.node_calls WHERE tick < ?")) {
            delete.setLong(1, NodeCalls.oldest(now));
            delete.executeUpdate();
        }
    }

    /** A ratio for people and alarms, not for money. */
    static double gap(long countedMicros, long explainedMicros) {
        return countedMicros < COUNTED_MICROS_MIN ? 0 : (countedMicros - explainedMicros) / (double) countedMicros;
    }
}
