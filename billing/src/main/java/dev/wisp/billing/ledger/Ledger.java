package dev.wisp.billing.ledger;

import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Appends to the ledger: one transaction a batch stores the records that are new, adds them to the sums and moves the offsets, so
 * that each of the three can be trusted when any of them can. Not thread-safe, except where a method says so.
 */
public final class Ledger {

    /** How many ids of stored records an append reports back. */
    public static final int NEWEST_MAX = 200;

    /** A server that stopped answering must not hold the ingest for ever. */
    static final int NETWORK_TIMEOUT_MILLIS = 30_000;

    private static final String UNIQUE_VIOLATION = "23505";

    private final DataSource dataSource;
    private final LedgerPartitions partitions = new LedgerPartitions();

    public Ledger(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Where to read on in each partition; 0 for one never read. */
    public Map<Integer, Long> offsets(String topic, Collection<Integer> topicPartitions) throws SQLException {
        try (Connection connection = open();
                PreparedStatement start = connection.prepareStatement(LedgerSql.START_OFFSETS)) {
            start.setString(1, topic);
            start.setArray(2, connection.createArrayOf("integer", topicPartitions.toArray()));
            start.executeUpdate();
            return offsets(connection, LedgerSql.OFFSETS, topic, topicPartitions);
        }
    }

    /** Every version of the prices. */
    public PriceBooks priceBooks() throws SQLException {
        try (Connection connection = open()) {
            return priceBooks(connection);
        }
    }

    /** Every version of the prices, as this transaction sees them. */
    public static PriceBooks priceBooks(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LedgerSql.PRICE_BOOKS)) {
            Map<Integer, PriceBook> books = new HashMap<>();
            while (rows.next()) {
                PriceBook book = priceBook(rows);
                books.put(book.version(), book);
            }
            return new PriceBooks(books);
        }
    }

    /** Makes the partitions of these days, ahead of their first record. */
    public void prepare(Collection<LocalDate> days) throws SQLException {
        try (Connection connection = open()) {
            partitions.ensure(connection, days);
        } catch (SQLException e) {
            partitions.forget();
            throw e;
        }
    }

    /** Seals a day that is over; harmless to repeat. */
    public void seal(LocalDate day, Instant at) throws SQLException {
        new LedgerWrites(dataSource).run(connection -> DayRoots.seal(connection, day, at));
    }

    /**
     * Drops the records of days before this one, oldest first, a transaction each; returns which.
     *
     * @param before no record of that day or of an earlier one may be appended any more
     */
    public List<LocalDate> retire(LocalDate before, Instant at) throws SQLException {
        LedgerWrites writes = new LedgerWrites(dataSource);
        List<LocalDate> days = writes.run(connection -> Retention.due(connection, before));
        for (LocalDate day : days) {
            writes.run(connection -> {
                Retention.retire(connection, day, at);
                return day;
            });
        }
        if (!days.isEmpty()) {
            partitions.forget();
        }
        return days;
    }

    /** Makes of the batch what needs no transaction, so that it can be done while another batch is stored. Any thread. */
    PreparedBatch ready(LedgerBatch batch) throws SQLException {
        if (batch.records().isEmpty()) {
            return PreparedBatch.of(batch, 0);
        }
        try (Connection connection = open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LedgerSql.NEXT_BATCH)) {
            row.next();
            return PreparedBatch.of(batch, row.getLong(1));
        }
    }

    /** Stores the batch whole or not at all. */
    public AppendOutcome append(LedgerBatch batch) throws SQLException {
        return append(ready(batch));
    }

    /** Stores the batch whole or not at all. */
    AppendOutcome append(PreparedBatch batch) throws SQLException {
        try (Connection connection = open()) {
            partitions.ensure(connection, batch.days());
            return inTransaction(connection, batch);
        } catch (SQLException e) {
            partitions.forget();
            throw e;
        }
    }

    private AppendOutcome inTransaction(Connection connection, PreparedBatch batch) throws SQLException {
        connection.setAutoCommit(false);
        try {
            AppendOutcome outcome = appendLocked(connection, batch);
            connection.commit();
            return outcome;
        } catch (SQLException | RuntimeException e) {
            rollback(connection, e);
            throw e;
        }
    }

    private AppendOutcome appendLocked(Connection connection, PreparedBatch prepared) throws SQLException {
        LedgerBatch batch = prepared.batch();
        Set<Integer> keys = batch.readFrom().keySet();
        if (!offsets(connection, LedgerSql.LOCK_OFFSETS, batch.topic(), keys).equals(batch.readFrom())) {
            return new AppendOutcome.Fenced();
        }
        AppendOutcome outcome = new AppendOutcome.Stored(0, Set.of());
        if (!batch.records().isEmpty()) {
            outcome = store(connection, prepared);
        }
        InstanceTimes.store(connection, batch.times());
        reject(connection, batch);
        moveOffsets(connection, batch);
        return outcome;
    }

    /** COPY straight into the table when nothing was there before, which is so but after a crash; else by way of staging. */
    private static AppendOutcome store(Connection connection, PreparedBatch batch) throws SQLException {
        Instant at = now(connection);
        Savepoint before = connection.setSavepoint();
        try {
            return storeNew(connection, batch, at);
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            return storeStaged(connection, batch, at);
        }
    }

    private static AppendOutcome storeNew(Connection connection, PreparedBatch batch, Instant at) throws SQLException {
        copy(connection, LedgerSql.COPY_NEW, batch.rows());
        MinuteSums.add(connection, batch.sums());
        Chain.link(connection, batch.contents(), at);
        return new AppendOutcome.Stored(batch.batch().records().size(), batch.newest());
    }

    private static AppendOutcome storeStaged(Connection connection, PreparedBatch batch, Instant at)
            throws SQLException {
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
                ResultSet row = statement.executeQuery("SELECT now()")) {
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
        try (PreparedStatement insert = connection.prepareStatement(LedgerSql.REJECT)) {
            for (RejectedValue value : batch.rejected()) {
                insert.setString(1, batch.topic());
                insert.setInt(2, value.partition());
                insert.setLong(3, value.offset());
                insert.setString(4, value.reason());
                insert.setBytes(5, value.value());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void moveOffsets(Connection connection, LedgerBatch batch) throws SQLException {
        try (PreparedStatement move = connection.prepareStatement(LedgerSql.MOVE_OFFSET)) {
            for (Map.Entry<Integer, Long> entry : batch.readOnAt().entrySet()) {
                move.setLong(1, entry.getValue());
                move.setString(2, batch.topic());
                move.setInt(3, entry.getKey());
                move.addBatch();
            }
            move.executeBatch();
        }
    }

    private static Map<Integer, Long> offsets(
            Connection connection, String sql, String topic, Collection<Integer> topicPartitions) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, topic);
            select.setArray(2, connection.createArrayOf("integer", topicPartitions.toArray()));
            try (ResultSet rows = select.executeQuery()) {
                Map<Integer, Long> offsets = new HashMap<>();
                while (rows.next()) {
                    offsets.put(rows.getInt(1), rows.getLong(2));
                }
                return offsets;
            }
        }
    }

    private static PriceBook priceBook(ResultSet row) throws SQLException {
        return new PriceBook(
                row.getInt(1),
                row.getString(2),
                row.getObject(3, OffsetDateTime.class).toInstant(),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getBoolean(9));
    }

    private Connection open() throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
            connection.setAutoCommit(true);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
