package dev.wisp.billing.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** One partition of {@code billing.invocation} a day, made before the first row needs it. Not thread-safe: one ingest thread. */
final class LedgerPartitions {

    private final Set<LocalDate> known = new HashSet<>();

    /** Makes what is missing; the connection commits by itself, so that the lock on the parent table is short. */
    void ensure(Connection connection, Collection<LocalDate> days) throws SQLException {
        TreeSet<LocalDate> missing = new TreeSet<>(days);
        missing.removeAll(known);
        if (missing.isEmpty()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            for (LocalDate day : missing) {
                statement.execute(definition(day));
            }
        }
        known.addAll(missing);
    }

    /** After a failure: a partition may have been dropped, or its creation rolled back. */
    void forget() {
        known.clear();
    }

    static String definition(LocalDate day) {
        return "CREATE TABLE IF NOT EXISTS billing.invocation_%s PARTITION OF billing.invocation FOR VALUES FROM ('%s') TO ('%s')"
                .formatted(DateTimeFormatter.BASIC_ISO_DATE.format(day), day, day.plusDays(1));
    }
}
