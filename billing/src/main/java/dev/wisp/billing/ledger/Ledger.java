package dev.wisp.billing.ledger;

import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Appends to the ledger: one transaction a batch stores the records that are new, adds them to the sums and moves the offsets, so
 * that each of the three can be trusted when any of them can. Not thread-safe, except where a method says so.
 */
public final class Ledger {

    /** How many ids of stored records an append reports back. */
    public static final int NEWEST_MAX = 200;

    public static final long MICROS_PER_MINUTE = 60_000_000;

    /** A server that stopped answering must not hold the ingest for ever. */
    static final int NETWORK_TIMEOUT_MILLIS = 30_000;

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
            ArrayColumns.set(start, 2, "integer", topicPartitions, partition -> partition);
            start.executeUpdate();
            return offsets(connection, LedgerSql.OFFSETS, topic, topicPartitions);
        }
    }

    /**
     * When these records arrived first, of which a wrong clock said when they were received; what was not asked for before, now.
     *
     * @param said microseconds since 1970 UTC, by id
     */
    public Map<UUID, Instant> arrivals(Map<UUID, Long> said, Instant now) throws SQLException {
        try (Connection connection = open()) {
            return Arrivals.note(connection, said, now);
        }
    }

    /** The same of those of these records that were asked for before. */
    public Map<UUID, Instant> arrivals(Collection<UUID> ids) throws SQLException {
        try (Connection connection = open()) {
            return Arrivals.find(connection, ids);
        }
    }

    /** The times that wrong clocks ever said, in whole minutes since 1970 UTC. */
    public Set<Long> saidMinutes() throws SQLException {
        try (Connection connection = open()) {
            return Arrivals.saidMinutes(connection);
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
        try (LedgerAppend append = begin(ready(batch))) {
            return finish(append);
        }
    }

    /** Writes the batch's rows in a transaction that stays open. Any thread. */
    LedgerAppend begin(PreparedBatch batch) throws SQLException {
        Connection connection = open();
        try {
            partitions.ensure(connection, batch.days());
            return LedgerAppend.begin(connection, batch);
        } catch (SQLException | RuntimeException e) {
            partitions.forget();
            LedgerAppend.giveUp(connection);
            throw e;
        }
    }

    /** Whole or not at all. Any thread, one batch after the other in the order in which they were read. */
    AppendOutcome finish(LedgerAppend append) throws SQLException {
        try {
            return append.finish();
        } catch (SQLException e) {
            partitions.forget();
            throw e;
        }
    }

    static Map<Integer, Long> offsets(
            Connection connection, String sql, String topic, Collection<Integer> topicPartitions) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, topic);
            ArrayColumns.set(select, 2, "integer", topicPartitions, partition -> partition);
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
                row.getLong(10),
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
}
