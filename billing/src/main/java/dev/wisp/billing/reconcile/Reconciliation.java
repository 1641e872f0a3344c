package dev.wisp.billing.reconcile;

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
 * Processor time of a node's sandboxes in the periods that ended in the last hour: what the kernel counted against what the ledger has of instances,
 * and of making sandboxes.
 */
public final class Reconciliation {

    /** Periods that ended in this time are compared. */
    static final Duration WINDOW = Duration.ofHours(1);

    private static final Duration KEPT = Duration.ofDays(7);

    /** Below, a millisecond more or less of a sandbox that waits is a large part. */
    private static final long COUNTED_MICROS_MIN = 1_000_000;

    private static final String NODES = """
            SELECT cpu.node_id, sum(cpu.counted_us), sum(cpu.prepared_us), coalesce(sum(times.cpu_us), 0), max(cpu.at)
            FROM billing.node_cpu AS cpu
            LEFT JOIN LATERAL (SELECT sum(cpu_us) AS cpu_us FROM billing.instance_time AS t
              WHERE t.node_id = cpu.node_id AND t.run = cpu.run AND t.period = cpu.period) AS times ON true
            WHERE cpu.at > ? GROUP BY cpu.node_id ORDER BY cpu.node_id
            """;

    private Reconciliation() {}

    /**
     * One node.
     *
     * @param countedMicros by the kernel
     * @param instanceMicros of it, in the records of instances
     * @param preparedMicros of it, used to make sandboxes ahead: the platform's own
     * @param gap the part that is in neither, negative when they say more than was counted; 0 below a second
     */
    public record Node(
            String nodeId, long countedMicros, long instanceMicros, long preparedMicros, double gap, Instant until) {}

    public static List<Node> nodes(Connection connection, Instant now) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NODES)) {
            select.setObject(1, now.minus(WINDOW).atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                List<Node> nodes = new ArrayList<>();
                while (row.next()) {
                    long counted = row.getLong(2);
                    long prepared = row.getLong(3);
                    long instances = row.getLong(4);
                    nodes.add(new Node(
                            row.getString(1),
                            counted,
                            instances,
                            prepared,
                            gap(counted, prepared + instances),
                            row.getObject(5, OffsetDateTime.class).toInstant()));
                }
                return nodes;
            }
        }
    }

    /** What was compared long ago is of no use. */
    static int forget(Connection connection, Instant now) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM billing.node_cpu WHERE at < ?")) {
            delete.setObject(1, now.minus(KEPT).atOffset(ZoneOffset.UTC));
            return delete.executeUpdate();
        }
    }

    /** A ratio for people and alarms, not for money. */
    static double gap(long countedMicros, long explainedMicros) {
        return countedMicros < COUNTED_MICROS_MIN ? 0 : (countedMicros - explainedMicros) / (double) countedMicros;
    }
}
