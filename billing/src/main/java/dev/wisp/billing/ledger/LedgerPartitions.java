package dev.wisp.billing.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One partition of each table of records a day, made before the first row needs it. Thread-safe. */
final class LedgerPartitions {

    static final List<String> TABLES = List.of("invocation", "instance_time");

    private final Set<LocalDate> known = new HashSet<>();

    /** Makes what is missing; the connection commits by itself, so that the lock on the parent table is short. */
    synchronized void ensure(Connection connection, Collection<LocalDate> days) throws SQLException {
        TreeSet<LocalDate> missing = new TreeSet<>(days);
        missing.removeAll(known);
        if (missing.isEmpty()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            for (LocalDate day : missing) {
                for (String table : TABLES) {
                    statement.execute(definition(table, day));
                }
            }
        }
        known.addAll(missing);
    }

    /** After a failure: a partition may have been dropped, or its creation rolled back. */
    synchronized void forget() {
        known.clear();
    }

    static String name(String table, LocalDate day) {
        return "billing.%s_%s".formatted(table, DateTimeFormatter.BASIC_ISO_DATE.format(day));
    }

    private static String definition(String table, LocalDate day) {
        return "CREATE TABLE IF NOT EXISTS %s PARTITION OF billing.%s FOR VALUES FROM ('%s') TO ('%s')"
                .formatted(name(table, day), table, day, day.plusDays(1));
    }
}
