package dev.wisp.billing.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/** Takes the charge of an invocation back: its record stays as it is, and a row with its negative is added to the sums of now. */
public final class Corrections {

    private static final String FILE = """
            WITH filed AS (
              INSERT INTO billing.correction AS r (number, filed_at, invocation_id, account, namespace, service, revision, price_version,
                invocations, billed_ms, cpu_us, memory_byte_ms, bytes_out, cost_picos, reason, vcpu_millicore_ms)
              SELECT coalesce((SELECT max(number) FROM billing.correction), 0) + 1, ?, invocation_id, account, namespace, service,
                revision, price_version, -1, -billed_ms, -cpu_us, -(memory_bytes::numeric * billed_ms), -bytes_out, -cost_picos, ?,
                -(cpu_millicores::numeric * billed_ms)
              FROM billing.invocation WHERE invocation_id = ? AND (id_day = ? OR ?)
              ON CONFLICT (invocation_id) DO NOTHING
              RETURNING *
            ), minute AS (%1$s), hour AS (%2$s), day AS (%3$s)
            SELECT number, %4$s FROM filed
            """.formatted(addTo("minute"), addTo("hour"), addTo("day"), digest("filed"));

    private Corrections() {}

    /** Digest of a row of {@code correction}. */
    public static String digest(String alias) {
        return "sha256(%s)".formatted(bytes(alias));
    }

    /** The bytes of a row that its link covers; one that takes back no time of processors held has those of before that was recorded. */
    public static String bytes(String alias) {
        String columns = ("%1$s.number, %1$s.filed_at, %1$s.invocation_id, %1$s.account, %1$s.namespace, %1$s.service,"
                        + " %1$s.revision, %1$s.price_version, %1$s.invocations, %1$s.billed_ms, %1$s.cpu_us, %1$s.memory_byte_ms,"
                        + " %1$s.bytes_out, %1$s.cost_picos, %1$s.reason")
                .formatted(alias);
        return "CASE WHEN %1$s.vcpu_millicore_ms = 0 THEN record_send(ROW(%2$s)) ELSE record_send(ROW(%2$s, %1$s.vcpu_millicore_ms)) END"
                .formatted(alias, columns);
    }

    /** Returns the correction's number, 0 when there is no such record or it was taken back before. */
    public static long file(Connection connection, UUID invocationId, String reason, Instant at) throws SQLException {
        try (PreparedStatement file = connection.prepareStatement(FILE)) {
            file.setObject(1, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
            file.setString(2, reason);
            file.setObject(3, invocationId);
            file.setObject(4, IdDay.isTimeOrdered(invocationId) ? IdDay.ofTimeOrdered(invocationId) : LocalDate.EPOCH);
            file.setBoolean(5, !IdDay.isTimeOrdered(invocationId));
            try (ResultSet row = file.executeQuery()) {
                if (!row.next()) {
                    return 0;
                }
                long number = row.getLong(1);
                Chain.link(connection, List.of(ChainContent.row(ChainKind.CORRECTION, number, row.getBytes(2))), at);
                return number;
            }
        }
    }

    private static String addTo(String window) {
        return """
            INSERT INTO billing.usage_%1$s AS old
            SELECT date_trunc('%1$s', filed_at, 'UTC'), account, namespace, service, revision, price_version, invocations, 0, 0, 0, 0, 0,
              billed_ms, cpu_us, memory_byte_ms, 0, bytes_out, cost_picos, vcpu_millicore_ms
            FROM filed
            ON CONFLICT (bucket, account, namespace, service, revision, price_version) DO UPDATE SET
              invocations = old.invocations + excluded.invocations, billed_ms = old.billed_ms + excluded.billed_ms,
              cpu_us = old.cpu_us + excluded.cpu_us, memory_byte_ms = old.memory_byte_ms + excluded.memory_byte_ms,
              bytes_out = old.bytes_out + excluded.bytes_out, cost_picos = old.cost_picos + excluded.cost_picos,
              vcpu_millicore_ms = old.vcpu_millicore_ms + excluded.vcpu_millicore_ms
            """.formatted(window);
    }
}
