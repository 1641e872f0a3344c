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
import org.jspecify.annotations.Nullable;

/** Seals a day: one hash over the last links of all chains, and over the root before it. */
public final class DayRoots {

    /** The bytes a root covers, of a row of {@code day_root} called r with the root before it. */
    public static final String ROOT =
            "sha256(r.previous || int8send(r.number) || int8send((r.day - date '1970-01-01')::bigint)"
                    + " || convert_to(r.heads::text, 'UTF8') || int8send((extract(epoch FROM r.sealed_at) * 1000000)::bigint))";

    private static final String SEAL = """
            INSERT INTO billing.day_root (number, day, heads, sealed_at, root)
            SELECT r.number, r.day, r.heads, r.sealed_at, %s FROM (
              SELECT coalesce((SELECT max(number) FROM billing.day_root), 0) + 1 AS number, ?::date AS day,
                (SELECT jsonb_object_agg(namespace, seq || ':' || encode(hash, 'hex')) FROM billing.chain_head) AS heads,
                ?::timestamptz AS sealed_at,
                coalesce((SELECT root FROM billing.day_root ORDER BY number DESC LIMIT 1), sha256(''::bytea)) AS previous
            ) AS r
            WHERE r.heads IS NOT NULL AND NOT EXISTS (SELECT FROM billing.day_root WHERE day >= r.day)
            ON CONFLICT DO NOTHING
            RETURNING number, root
            """.formatted(ROOT);

    private static final String LAST_BEFORE =
            "SELECT encode(root, 'hex') FROM billing.day_root WHERE sealed_at < ? ORDER BY number DESC LIMIT 1";

    private DayRoots() {}

    /** The last root that was sealed before, hexadecimal; null when there is none. */
    public static @Nullable String lastBefore(Connection connection, Instant at) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LAST_BEFORE)) {
            select.setObject(1, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** Harmless to repeat, and nothing when a later day is sealed already. Returns whether the day was sealed now. */
    public static boolean seal(Connection connection, LocalDate day, Instant at) throws SQLException {
        try (PreparedStatement seal = connection.prepareStatement(SEAL)) {
            seal.setObject(1, day);
            seal.setObject(2, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
            try (ResultSet row = seal.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
                Chain.link(
                        connection, List.of(ChainContent.row(ChainKind.DAY_ROOT, row.getLong(1), row.getBytes(2))), at);
                return true;
            }
        }
    }
}
