package dev.wisp.billing.verify;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One random thing that somebody with all rights might do to one row of one table of the ledger. */
final class Tampering {

    static final List<String> TABLES = List.of(
            "billing.invocation",
            "billing.invocation",
            "billing.invocation",
            "billing.instance_time",
            "billing.usage_minute",
            "billing.usage_hour",
            "billing.usage_day",
            "billing.billed_day",
            "billing.chain",
            "billing.chain_head",
            "billing.day_root",
            "billing.retired_day",
            "billing.correction",
            "billing.price_book",
            "billing.invoice",
            "billing.invoice_event",
            "billing.credit",
            "billing.ingest_offset",
            "billing.rejected",
            "billing.node_cpu",
            "billing.node_calls",
            "billing.redated",
            "billing.label_set",
            "billing.revision_label",
            "billing.seal");

    /** Budgets, what was told of them and what gateways hold of them: no bill, reconciliation or export is made of these. */
    static final List<String> NOT_OF_THE_LEDGER =
            List.of("billing.budget", "billing.budget_notice", "billing.budget_lease");

    private static final int TRIES = 200;

    private final Connection connection;
    private final SplittableRandom random;

    private record Column(String name, String type) {}

    Tampering(Connection connection, SplittableRandom random) {
        this.connection = connection;
        this.random = random;
    }

    /** Does one that the database allows, in the running transaction; returns what was done. */
    String once(String table) throws SQLException {
        for (int i = 0; i < TRIES; i++) {
            String done = attempt(table);
            if (done != null) {
                return done;
            }
        }
        throw new IllegalStateException("no tampering with %s was possible in %d tries".formatted(table, TRIES));
    }

    private @Nullable String attempt(String table) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            return switch (random.nextInt(4)) {
                case 0 -> change(table, "DELETE FROM " + table + where(table), "deleted a row of " + table);
                case 1 -> add(table);
                default -> flip(table);
            };
        } catch (SQLException e) {
            // A constraint forbids this one.
            connection.rollback(before);
            return null;
        }
    }

    private @Nullable String flip(String table) throws SQLException {
        Column column = any(columns(table));
        String sql = "UPDATE %s SET %s = %s%s".formatted(table, column.name(), flipped(column), where(table));
        return change(table, sql, sql);
    }

    /** A copy of a row under another key. */
    private @Nullable String add(String table) throws SQLException {
        execute("DROP TABLE IF EXISTS copy");
        execute("CREATE TEMPORARY TABLE copy AS SELECT * FROM " + table + where(table));
        Column key = any(keys(table));
        execute("UPDATE copy SET %s = %s".formatted(key.name(), flipped(key)));
        return change(
                table,
                "INSERT INTO %s SELECT * FROM copy".formatted(table),
                "added a row to %s with another %s".formatted(table, key));
    }

    private @Nullable String change(String table, String sql, String description) throws SQLException {
        String before = state(table);
        try (Statement statement = connection.createStatement()) {
            boolean changed = statement.executeUpdate(sql) == 1 && !state(table).equals(before);
            return changed ? description : null;
        }
    }

    private String state(String table) throws SQLException {
        return text("SELECT count(*) || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM %s AS t"
                .formatted(table));
    }

    private String where(String table) throws SQLException {
        long rows = Long.parseLong(text("SELECT count(*) FROM " + table));
        if (rows == 0) {
            throw new SQLException("empty");
        }
        String row = text("SELECT tableoid || ' ' || ctid FROM %s ORDER BY tableoid, ctid OFFSET %d LIMIT 1"
                .formatted(table, random.nextLong(rows)));
        String[] parts = row.split(" ", 2);
        return " WHERE tableoid = %s AND ctid = '%s'".formatted(parts[0], parts[1]);
    }

    private String flipped(Column column) {
        String name = column.name();
        return switch (column.type()) {
            case "smallint" -> "(%s # (1 << %d)::smallint)".formatted(name, random.nextInt(15));
            case "integer" -> "%s # (1 << %d)".formatted(name, random.nextInt(31));
            case "bigint" -> "%s # (1::bigint << %d)".formatted(name, random.nextInt(63));
            case "numeric" -> "%s + (1::bigint << %d)".formatted(name, random.nextInt(40));
            case "boolean" -> "NOT " + name;
            case "date" -> "%s + (1 << %d)".formatted(name, random.nextInt(5));
            case "timestamp with time zone" ->
                "%s + (1::bigint << %d) * interval '1 microsecond'".formatted(name, random.nextInt(40));
            case "bytea" -> {
                int mask = 1 << random.nextInt(8);
                int at = random.nextInt(32);
                yield "set_byte(%1$s, %2$d, get_byte(%1$s, %2$d) # %3$d)".formatted(name, at, mask);
            }
            case "uuid" -> {
                int at = 1 + random.nextInt(32);
                String digits = "replace(%s::text, '-', '')".formatted(name);
                yield "overlay(%1$s placing translate(substr(%1$s, %2$d, 1), '0123456789abcdef', '1032547698badcfe') from %2$d for 1)::uuid"
                        .formatted(digits, at);
            }
            case "jsonb" -> "%s || '{\"added\": \"%d\"}'".formatted(name, random.nextInt(1_000));
            case "text" -> {
                int at = random.nextInt(12);
                yield "CASE WHEN %1$s = '' THEN 'a=1' ELSE overlay(%1$s placing chr(ascii(substr(%1$s, 1 + %2$d %% length(%1$s), 1)) # 1) from 1 + %2$d %% length(%1$s) for 1) END"
                        .formatted(name, at);
            }
            default -> throw new IllegalStateException("column %s has a type unknown to this test".formatted(column));
        };
    }

    private List<Column> columns(String table) throws SQLException {
        return columns(
                table,
                "SELECT attname, format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0 ORDER BY attnum");
    }

    private List<Column> keys(String table) throws SQLException {
        return columns(
                table,
                "SELECT attname, format_type(atttypid, -1) FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)"
                        + " WHERE indrelid = ?::regclass AND indisprimary ORDER BY attnum");
    }

    private List<Column> columns(String table, String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, table);
            try (ResultSet rows = select.executeQuery()) {
                List<Column> columns = new ArrayList<>();
                while (rows.next()) {
                    columns.add(new Column(rows.getString(1), rows.getString(2)));
                }
                return columns;
            }
        }
    }

    private Column any(List<Column> columns) {
        return columns.get(random.nextInt(columns.size()));
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
