package dev.wisp.billing.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** Drops the records of old days, a partition each, and keeps their sums: minute, hour and day, and one row that says what is gone. */
public final class Retention {

    /** Digest of the sums by minute of the UTC day that begins at the parameter; each row up to its last sum with something in it. */
    public static final String USAGE_DIGEST = """
            (SELECT coalesce(sha256(string_agg(sha256(CASE
                WHEN (%2$s) IS DISTINCT FROM (0, 0, 0) THEN record_send(ROW(%1$s, vcpu_millicore_ms, %2$s))
                WHEN vcpu_millicore_ms = 0 THEN record_send(ROW(%1$s))
                ELSE record_send(ROW(%1$s, vcpu_millicore_ms)) END), ''::bytea
              ORDER BY bucket, account, namespace, service, revision, price_version)), sha256(''::bytea))
            FROM billing.usage_minute
            WHERE bucket >= (?::date)::timestamp AT TIME ZONE 'UTC' AND bucket < (?::date + 1)::timestamp AT TIME ZONE 'UTC')
            """.formatted(
                    "bucket, account, namespace, service, revision, price_version, invocations, errors, cold_starts, queue_us, start_us,"
                            + " app_us, billed_ms, cpu_us, memory_byte_ms, bytes_in, bytes_out, cost_picos",
                    WaitingSums.COLUMNS);

    /** Digest of what the invoice counts of the UTC day that is the parameter. */
    public static final String BILLED_DIGEST = """
            (SELECT coalesce(sha256(string_agg(sha256(record_send(ROW(account, day, price_version, %s))), ''::bytea
              ORDER BY account, price_version)), sha256(''::bytea))
            FROM billing.billed_day WHERE day = ?::date)
            """.formatted(BilledSums.COLUMNS);

    private static final String RETIRE = """
            INSERT INTO billing.retired_day AS r (number, id_day, row_count, cost_picos, usage_digest, next_usage_digest, billed_digest,
              next_billed_digest)
            SELECT coalesce((SELECT max(number) FROM billing.retired_day), 0) + 1, ?::date, count(*), coalesce(sum(cost_picos), 0),
              %1$s, %1$s, %3$s, %3$s
            FROM billing.invocation WHERE id_day = ?
            RETURNING number, %2$s
            """.formatted(USAGE_DIGEST, digest("r"), BILLED_DIGEST);

    private static final String OLD_PARTITIONS = """
            SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
            WHERE inhparent = 'billing.invocation'::regclass AND relname < ? ORDER BY relname
            """;

    private static final String PREFIX = "invocation_";

    private Retention() {}

    /** Digest of a row of {@code retired_day}. */
    public static String digest(String alias) {
        String columns =
                "%1$s.number, %1$s.id_day, %1$s.row_count, %1$s.cost_picos, %1$s.usage_digest, %1$s.next_usage_digest"
                        .formatted(alias);
        return ("sha256(CASE WHEN %1$s.billed_digest IS NULL THEN record_send(ROW(%2$s))"
                        + " ELSE record_send(ROW(%2$s, %1$s.billed_digest, %1$s.next_billed_digest)) END)")
                .formatted(alias, columns);
    }

    /**
     * Days before the given one whose records are still there, oldest first.
     *
     * @param before no record of this day or an earlier one may still be taken in, or its sums would change after they were sealed
     */
    public static List<LocalDate> due(Connection connection, LocalDate before) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(OLD_PARTITIONS)) {
            select.setString(1, PREFIX + DateTimeFormatter.BASIC_ISO_DATE.format(before));
            try (ResultSet rows = select.executeQuery()) {
                List<LocalDate> days = new ArrayList<>();
                while (rows.next()) {
                    days.add(LocalDate.parse(
                            rows.getString(1).substring(PREFIX.length()), DateTimeFormatter.BASIC_ISO_DATE));
                }
                return days;
            }
        }
    }

    /** Drops one day's records, with the row and the link that stand for them. */
    public static void retire(Connection connection, LocalDate day, Instant at) throws SQLException {
        try (PreparedStatement retire = connection.prepareStatement(RETIRE)) {
            retire.setObject(1, day);
            retire.setObject(2, day);
            retire.setObject(3, day);
            retire.setObject(4, day.plusDays(1));
            retire.setObject(5, day.plusDays(1));
            retire.setObject(6, day);
            retire.setObject(7, day.plusDays(1));
            retire.setObject(8, day);
            try (ResultSet row = retire.executeQuery()) {
                row.next();
                Chain.link(
                        connection,
                        List.of(ChainContent.row(ChainKind.RETIRED_DAY, row.getLong(1), row.getBytes(2))),
                        at);
            }
        }
        try (Statement drop = connection.createStatement()) {
            for (String table : LedgerPartitions.TABLES) {
                drop.execute("DROP TABLE IF EXISTS " + LedgerPartitions.name(table, day));
            }
        }
    }
}
