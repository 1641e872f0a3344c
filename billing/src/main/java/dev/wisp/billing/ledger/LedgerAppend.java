package dev.wisp.billing.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * One batch on its way into the ledger, in a transaction of its own: its rows are written when there is one, and nobody sees them before it is
 * finished. Sums, chain and offsets are changed at the end, so that rows of the next batch can be written meanwhile. One thread at a time.
 */
final class LedgerAppend implements AutoCloseable {

    private static final String UNIQUE_VIOLATION = "23505";

    private final Connection connection;
    private final PreparedBatch batch;
    private final Instant at;
    private final boolean written;
    private boolean over;

    private LedgerAppend(Connection connection, PreparedBatch batch, Instant at, boolean written) {
        this.connection = connection;
        this.batch = batch;
        this.at = at;
        this.written = written;
    }

    /** COPY straight into the table: all rows are new but after a crash. */
    static LedgerAppend begin(Connection connection, PreparedBatch batch) throws SQLException {
        connection.setAutoCommit(false);
        Instant at = now(connection);
        Savepoint before = connection.setSavepoint();
        try {
            if (!batch.batch().records().isEmpty()) {
                copy(connection, LedgerSql.COPY_NEW, batch.rows());
            }
            return new LedgerAppend(connection, batch, at, true);
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            return new LedgerAppend(connection, batch, at, false);
        }
    }

    /** Adds what follows from the rows and commits, if the offsets are where the batch was read from. */
    AppendOutcome finish() throws SQLException {
        LedgerBatch read = batch.batch();
        Set<Integer> keys = read.readFrom().keySet();
        if (!Ledger.offsets(connection, LedgerSql.LOCK_OFFSETS, read.topic(), keys)
                .equals(read.readFrom())) {
            return new AppendOutcome.Fenced();
        }
        AppendOutcome outcome = store();
        InstanceTimes.store(connection, read.times());
        reject(connection, read);
        moveOffsets(connection, read);
        connection.commit();
        over = true;
        return outcome;
    }

    /** Takes back what was not finished. */
    @Override
    public void close() throws SQLException {
        if (over) {
            connection.close();
        } else {
            giveUp(connection);
        }
    }

    /** Ends a transaction that came to nothing; whatever happens, the database forgets it with its connection. */
    static void giveUp(Connection connection) throws SQLException {
        try (connection) {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.rollback();
            }
        }
    }

    private AppendOutcome store() throws SQLException {
        if (batch.batch().records().isEmpty()) {
            return new AppendOutcome.Stored(0, Set.of());
        }
        if (written) {
            MinuteSums.add(connection, batch.sums());
            BilledSums.add(connection, batch.billed());
            NodeCalls.add(connection, batch.batch().records(), at);
            Chain.link(connection, batch.contents(), at);
            return new AppendOutcome.Stored(batch.batch().records().size(), batch.newest());
        }
        return storeStaged();
    }

    /** By way of staging, which tells which rows were new. */
    private AppendOutcome storeStaged() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LedgerSql.STAGING);
        }
        copy(connection, LedgerSql.COPY_STAGED, batch.rows());
        Merged merged = merge(connection, batch.number());
        Chain.link(connection, merged.contents(), at);
        return new AppendOutcome.Stored(merged.stored(), merged.newest());
    }

    private static void copy(Connection connection, String sql, byte[] rows) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            copy.writeToCopy(rows, 0, rows.length);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LedgerSql.BEGIN)) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private record Merged(List<ChainContent> contents, Set<UUID> newest) {

        int stored() {
            return Math.toIntExact(
                    contents.stream().mapToLong(ChainContent::rows).sum());
        }
    }

    private static Merged merge(Connection connection, long batch) throws SQLException {
        try (PreparedStatement merge = connection.prepareStatement(LedgerSql.MERGE);
                ResultSet rows = merge.executeQuery()) {
            List<ChainContent> contents = new ArrayList<>();
            Set<UUID> newest = new HashSet<>();
            while (rows.next()) {
                contents.add(new ChainContent(
                        rows.getString(1),
                        ChainKind.INVOCATIONS,
                        rows.getObject(2, LocalDate.class),
                        batch,
                        rows.getLong(3),
                        rows.getBytes(4)));
                newest.addAll(List.of((UUID[]) rows.getArray(5).getArray()));
            }
            return new Merged(contents, newest);
        }
    }

    private static void reject(Connection connection, LedgerBatch batch) throws SQLException {
        if (batch.rejected().isEmpty()) {
            return;
        }
        List<RejectedValue> values = batch.rejected();
        try (PreparedStatement insert = connection.prepareStatement(LedgerSql.REJECT)) {
            insert.setString(1, batch.topic());
            ArrayColumns.set(insert, 2, "integer", values, RejectedValue::partition);
            ArrayColumns.set(insert, 3, "bigint", values, RejectedValue::offset);
            ArrayColumns.set(insert, 4, "text", values, RejectedValue::reason);
            ArrayColumns.set(insert, 5, "text", values, value -> HexFormat.of().formatHex(value.value()));
            insert.executeUpdate();
        }
    }

    private static void moveOffsets(Connection connection, LedgerBatch batch) throws SQLException {
        List<Integer> partitions = List.copyOf(batch.readFrom().keySet());
        try (PreparedStatement move = connection.prepareStatement(LedgerSql.MOVE_OFFSETS)) {
            ArrayColumns.set(move, 1, "integer", partitions, partition -> partition);
            ArrayColumns.set(move, 2, "bigint", partitions, of(batch.readFrom()));
            ArrayColumns.set(move, 3, "bigint", partitions, of(batch.readOnAt()));
            move.setString(4, batch.topic());
            move.executeUpdate();
        }
    }

    private static Function<Integer, Object> of(Map<Integer, Long> offsets) {
        return partition -> Objects.requireNonNull(offsets.get(partition));
    }
}
