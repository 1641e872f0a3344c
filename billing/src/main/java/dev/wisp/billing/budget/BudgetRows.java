package dev.wisp.billing.budget;

import dev.wisp.billing.label.LabelSelector;
import dev.wisp.billing.ledger.ArrayColumns;
import dev.wisp.contracts.budget.BudgetAction;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables of budgets. */
final class BudgetRows {

    private static final String SELECT = """
            SELECT name, namespace, amount, actual, forecast, action, scope_id, enforced_from, scarce, labels
            FROM billing.budget""";

    private BudgetRows() {}

    /** A message that waits to be taken. */
    record Due(UUID id, String event, int attempts) {}

    static List<Budget> all(Connection connection) throws SQLException {
        List<Budget> budgets = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(SELECT + " ORDER BY name");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                budgets.add(budget(row));
            }
        }
        return budgets;
    }

    /** The budget, which no other transaction changes or leases from until this one is over; null when there is none. */
    static @Nullable Budget locked(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + " WHERE name = ? FOR UPDATE")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? budget(row) : null;
            }
        }
    }

    static void scarce(Connection connection, String name, boolean scarce) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE billing.budget SET scarce = ? WHERE name = ?")) {
            update.setBoolean(1, scarce);
            update.setString(2, name);
            update.executeUpdate();
        }
    }

    private static Budget budget(ResultSet row) throws SQLException {
        return new Budget(
                row.getString(1),
                row.getString(2),
                row.getBigDecimal(3),
                percents(row.getArray(4)),
                percents(row.getArray(5)),
                BudgetAction.valueOf(row.getString(6)),
                row.getObject(7, UUID.class),
                row.getObject(8, OffsetDateTime.class).toInstant(),
                row.getBoolean(9),
                Objects.requireNonNull(LabelSelector.parse(row.getString(10))));
    }

    static void put(Connection connection, Budget budget) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("""
                INSERT INTO billing.budget
                    (name, namespace, amount, actual, forecast, action, scope_id, enforced_from, scarce, labels)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET namespace = EXCLUDED.namespace, amount = EXCLUDED.amount,
                    actual = EXCLUDED.actual, forecast = EXCLUDED.forecast, action = EXCLUDED.action,
                    scope_id = EXCLUDED.scope_id, enforced_from = EXCLUDED.enforced_from,
                    scarce = EXCLUDED.scarce, labels = EXCLUDED.labels""")) {
            upsert.setString(1, budget.name());
            upsert.setString(2, budget.namespace());
            upsert.setBigDecimal(3, budget.amount());
            ArrayColumns.set(upsert, 4, "integer", budget.actual(), percent -> percent);
            ArrayColumns.set(upsert, 5, "integer", budget.forecast(), percent -> percent);
            upsert.setString(6, budget.action().name());
            upsert.setObject(7, budget.scopeId());
            upsert.setObject(8, utc(budget.enforcedFrom()));
            upsert.setBoolean(9, budget.scarce());
            upsert.setString(10, LabelSelector.text(budget.labels()));
            upsert.executeUpdate();
        }
    }

    /** Whether there was one. */
    static boolean delete(Connection connection, String name) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM billing.budget WHERE name = ?")) {
            delete.setString(1, name);
            return delete.executeUpdate() > 0;
        }
    }

    static Set<Threshold> told(Connection connection, String budget, LocalDate month) throws SQLException {
        Set<Threshold> told = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT kind, percent FROM billing.budget_notice WHERE budget = ? AND month = ?")) {
            select.setString(1, budget);
            select.setObject(2, month);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    told.add(new Threshold(Threshold.Kind.valueOf(row.getString(1)), row.getInt(2)));
                }
            }
        }
        return told;
    }

    /**
     * @param nextTryAt null when nobody is to be told
     */
    static void note(
            Connection connection,
            UUID id,
            Budget budget,
            LocalDate month,
            Threshold threshold,
            Instant at,
            String event,
            @Nullable Instant nextTryAt)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO billing.budget_notice (id, budget, month, kind, percent, crossed_at, event, next_try_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""")) {
            insert.setObject(1, id);
            insert.setString(2, budget.name());
            insert.setObject(3, month);
            insert.setString(4, threshold.kind().name());
            insert.setInt(5, threshold.percent());
            insert.setObject(6, utc(at));
            insert.setString(7, event);
            insert.setObject(8, nextTryAt == null ? null : utc(nextTryAt));
            insert.executeUpdate();
        }
    }

    static List<Due> due(Connection connection, Instant now, int max) throws SQLException {
        List<Due> due = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT id, event, attempts FROM billing.budget_notice WHERE next_try_at <= ?
                ORDER BY next_try_at LIMIT ?""")) {
            select.setObject(1, utc(now));
            select.setInt(2, max);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    due.add(new Due(row.getObject(1, UUID.class), row.getString(2), row.getInt(3)));
                }
            }
        }
        return due;
    }

    /**
     * What came of a try.
     *
     * @param error null when it was taken
     * @param nextTryAt null when there is none
     */
    static void tried(Connection connection, UUID id, Instant at, @Nullable String error, @Nullable Instant nextTryAt)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE billing.budget_notice SET attempts = attempts + 1, last_error = ?, next_try_at = ?,
                    delivered_at = ? WHERE id = ?""")) {
            update.setString(1, error);
            update.setObject(2, nextTryAt == null ? null : utc(nextTryAt));
            update.setObject(3, error == null ? utc(at) : null);
            update.setObject(4, id);
            update.executeUpdate();
        }
    }

    static List<BudgetView.Notice> notices(Connection connection, String budget, LocalDate month) throws SQLException {
        List<BudgetView.Notice> notices = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT kind, percent, crossed_at, delivered_at, attempts, last_error FROM billing.budget_notice
                WHERE budget = ? AND month = ? ORDER BY crossed_at, kind, percent""")) {
            select.setString(1, budget);
            select.setObject(2, month);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    notices.add(new BudgetView.Notice(
                            Threshold.Kind.valueOf(row.getString(1)),
                            row.getInt(2),
                            row.getObject(3, OffsetDateTime.class).toInstant(),
                            instant(row.getObject(4, OffsetDateTime.class)),
                            row.getInt(5),
                            row.getString(6)));
                }
            }
        }
        return notices;
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static List<Integer> percents(Array array) throws SQLException {
        return List.of((Integer[]) array.getArray());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
