package dev.wisp.billing.ledger;

import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.NodeCpu;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Stores records of instances' time, adds those that are new to the sums and links them; in the transaction that moves the offsets. */
public final class InstanceTimes {

    private static final List<Column> COLUMNS = List.of(
            new Column("id_day", "date", priced -> priced.day().toString()),
            new Column("time_id", "uuid", priced -> priced.time().timeId().toString()),
            new Column("at", "timestamptz", priced -> instant(priced.time().atMicros())),
            text("account", InstanceTime::account),
            text("namespace", time -> time.revision().namespace()),
            text("service", InstanceTime::service),
            text("revision", time -> time.revision().name()),
            text("instance_id", InstanceTime::instanceId),
            text("node_id", InstanceTime::nodeId),
            number("start_us", InstanceTime::startMicros),
            number("busy_us", InstanceTime::busyMicros),
            number("idle_us", InstanceTime::idleMicros),
            number("frozen_us", InstanceTime::frozenMicros),
            number("cpu_us", InstanceTime::cpuMicros),
            number("call_cpu_us", InstanceTime::callCpuMicros),
            new Column("reserved", "boolean", priced -> priced.time().reserved()),
            new Column("cpu_millicores", "integer", priced -> priced.time().cpuMillicores()),
            number("memory_bytes", InstanceTime::memoryBytes),
            number("run", InstanceTime::run),
            number("period", InstanceTime::period),
            new Column("price_version", "integer", TimeRecords.Priced::priceVersion));

    private static final String NAMES =
            String.join(", ", COLUMNS.stream().map(Column::name).toList());

    private static final String STORE = """
            WITH stored AS (
              INSERT INTO billing.instance_time (%1$s, batch) SELECT *, ?::bigint FROM unnest(%2$s)
              ON CONFLICT DO NOTHING RETURNING *
            ), %4$s
            SELECT namespace, id_day, count(*), %3$s FROM stored GROUP BY namespace, id_day ORDER BY namespace, id_day
            """.formatted(
            NAMES,
            String.join(
                    ", ",
                    COLUMNS.stream().map(column -> "?::" + column.type() + "[]").toList()),
            digest(),
            WaitingSums.ADD_STORED);

    private static final String STORE_NODE = """
            WITH came AS (
              INSERT INTO billing.node_cpu (node_id, run, period, at, counted_us, prepared_us)
              SELECT * FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::timestamptz[], ?::bigint[], ?::bigint[])
              ON CONFLICT DO NOTHING RETURNING *
            ) %s
            """.formatted(Seal.NODE_CPU.add("came"));

    private record Column(String name, String type, Function<TimeRecords.Priced, Object> value) {}

    private InstanceTimes() {}

    /** SHA-256 over the SHA-256s of rows, in the order of their ids, as {@link LedgerSql#digest} of invocations. */
    public static String digest() {
        return "sha256(string_agg(sha256(%s), ''::bytea ORDER BY time_id))".formatted(bytes());
    }

    /** The bytes of a row that its link covers. */
    public static String bytes() {
        return "record_send(ROW(%s, batch))".formatted(NAMES);
    }

    static void store(Connection connection, TimeRecords times) throws SQLException {
        if (!times.instances().isEmpty()) {
            storeInstances(connection, times.instances());
        }
        if (!times.nodes().isEmpty()) {
            storeNodes(connection, times.nodes());
        }
    }

    private static void storeInstances(Connection connection, List<TimeRecords.Priced> times) throws SQLException {
        try (Statement begin = connection.createStatement();
                ResultSet row = begin.executeQuery(LedgerSql.BEGIN_BATCH)) {
            row.next();
            long batch = row.getLong(1);
            Instant at = row.getObject(2, OffsetDateTime.class).toInstant();
            Chain.link(connection, insert(connection, times, batch), at);
        }
    }

    private static List<ChainContent> insert(Connection connection, List<TimeRecords.Priced> times, long batch)
            throws SQLException {
        try (PreparedStatement store = connection.prepareStatement(STORE)) {
            store.setLong(1, batch);
            for (int at = 0; at < COLUMNS.size(); at++) {
                Column column = COLUMNS.get(at);
                ArrayColumns.set(store, at + 2, column.type(), times, column.value());
            }
            try (ResultSet row = store.executeQuery()) {
                List<ChainContent> contents = new ArrayList<>();
                while (row.next()) {
                    contents.add(new ChainContent(
                            row.getString(1),
                            ChainKind.INSTANCE_TIME,
                            row.getObject(2, LocalDate.class),
                            batch,
                            row.getLong(3),
                            row.getBytes(4)));
                }
                return contents;
            }
        }
    }

    private static void storeNodes(Connection connection, List<NodeCpu> nodes) throws SQLException {
        try (PreparedStatement store = connection.prepareStatement(STORE_NODE)) {
            ArrayColumns.set(store, 1, "text", nodes, NodeCpu::nodeId);
            ArrayColumns.set(store, 2, "bigint", nodes, NodeCpu::run);
            ArrayColumns.set(store, 3, "bigint", nodes, NodeCpu::period);
            ArrayColumns.set(store, 4, "text", nodes, cpu -> instant(cpu.atMicros()));
            ArrayColumns.set(store, 5, "bigint", nodes, NodeCpu::countedMicros);
            ArrayColumns.set(store, 6, "bigint", nodes, NodeCpu::preparedMicros);
            store.executeUpdate();
        }
    }

    private static Column text(String name, Function<InstanceTime, String> value) {
        return new Column(name, "text", priced -> value.apply(priced.time()));
    }

    private static Column number(String name, Function<InstanceTime, Long> value) {
        return new Column(name, "bigint", priced -> value.apply(priced.time()));
    }

    private static String instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}
