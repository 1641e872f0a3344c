package dev.wisp.billing.ledger;

import dev.wisp.contracts.bus.WireJson;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the chains stood when a bill was made: records whose links are behind it are none of the bill's. Links of a namespace are numbered in the
 * order in which they are committed, so that a record which comes later is behind the cut, whatever its time and its batch.
 *
 * @param links the last link of each namespace that counts, an object of JSON; a namespace that is not in it has none. Null cuts by time
 * @param at then links count that were made until then, a time as Postgres reads it
 */
public record ChainCut(@Nullable String links, String at) {

    private static final String EVER = "infinity";

    /** Behind all there is. */
    public static final ChainCut NONE = new ChainCut(null, EVER);

    /** How many parameters {@link #LATER} has, those of {@link #bind}. */
    public static final int PARAMETERS = 4;

    /** A common table expression: links of records of a month that are behind the cut. */
    public static final String LATER =
            """
            later AS MATERIALIZED (
              SELECT link.kind, link.namespace, link.id_day, link.content
              FROM (SELECT ?::jsonb AS links, ?::timestamptz AS at) AS cut CROSS JOIN billing.chain_head AS head
              JOIN billing.chain AS link ON link.namespace = head.namespace
                AND link.seq > coalesce((cut.links ->> head.namespace)::bigint, 0)
              WHERE link.kind IN (%d, %d) AND link.id_day BETWEEN ?::date - 1 AND ?::date + 1
                AND (cut.links IS NOT NULL OR link.linked_at > cut.at) AND cut.at < 'infinity'
            )""".formatted(ChainKind.INVOCATIONS.storedCode(), ChainKind.INSTANCE_TIME.storedCode());

    /**
     * What each invoice that was issued counts, a row for each of the months that it has usage of: records up to its own cut and behind that of the
     * one before it. Invoices from before they named links are cut by the time they were issued at. The parameter is the invoice's number.
     */
    public static final String OF_INVOICE = """
        WITH cut AS (
          SELECT number, account, document::jsonb -> 'snapshots' AS snapshots, document::jsonb -> 'links' AS links,
            CASE WHEN jsonb_typeof(document::jsonb -> 'links') = 'object' THEN '-infinity' ELSE issued_at END AS at
          FROM billing.invoice WHERE number <= %1$s
        )
        SELECT (snapshot ->> 'month')::date AS month, this.links, this.at, before.links AS links_before,
          coalesce(before.at, '-infinity') AS at_before
        FROM cut AS this CROSS JOIN jsonb_array_elements(this.snapshots) AS snapshot
        LEFT JOIN LATERAL (SELECT links, at FROM cut AS earlier
          WHERE earlier.account = this.account AND earlier.number < this.number
            AND earlier.snapshots @> jsonb_build_array(jsonb_build_object('month', snapshot -> 'month'))
          ORDER BY earlier.number DESC LIMIT 1) AS before ON TRUE
        WHERE this.number = %1$s
        """;

    private static final String HEADS = """
        SELECT namespace, seq FROM billing.chain_head
        WHERE namespace IN (SELECT namespace FROM billing.usage_day
          WHERE account = ? AND bucket < ?::date::timestamp AT TIME ZONE 'UTC')
        """;

    /** The last links of the chains of an account's namespaces that used something before a day, by namespace. */
    public static SortedMap<String, Long> heads(Connection connection, String account, LocalDate before)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(HEADS)) {
            select.setString(1, account);
            select.setObject(2, before);
            try (ResultSet row = select.executeQuery()) {
                SortedMap<String, Long> heads = new TreeMap<>();
                while (row.next()) {
                    heads.put(row.getString(1), row.getLong(2));
                }
                return heads;
            }
        }
    }

    /** Behind these links. */
    public static ChainCut after(Map<String, Long> heads) {
        return new ChainCut(new String(WireJson.write(heads), StandardCharsets.UTF_8), "-infinity");
    }

    /** Behind the links that were made until then. */
    public static ChainCut after(Instant at) {
        return new ChainCut(null, at.toString());
    }

    /** That a row is behind the cut, in a statement that begins with {@link #LATER}. */
    public static String isLater(String table, ChainKind kind) {
        return "EXISTS (SELECT FROM later WHERE later.kind = %2$d AND later.namespace = %1$s.namespace AND later.id_day = %1$s.id_day AND later.content = %1$s.batch)"
                .formatted(table, kind.storedCode());
    }

    /**
     * That a row is counted by an invoice; for lists that end after a page, one look into the chain for each row.
     *
     * @param bill what has the rows of {@link #OF_INVOICE}
     */
    public static String isCounted(String table, ChainKind kind, String time, String bill) {
        return """
            EXISTS (SELECT FROM billing.chain AS link JOIN %4$s AS bill ON bill.month = date_trunc('month', %1$s.%3$s AT TIME ZONE 'UTC')::date
              WHERE link.kind = %2$d AND link.namespace = %1$s.namespace AND link.id_day = %1$s.id_day AND link.content = %1$s.batch
                AND coalesce(link.seq <= (bill.links ->> link.namespace)::bigint, link.linked_at <= bill.at)
                AND NOT coalesce(link.seq <= (bill.links_before ->> link.namespace)::bigint, link.linked_at <= bill.at_before))""".formatted(table, kind.storedCode(), time, bill);
    }

    /** Sets the parameters of {@link #LATER}, which a statement begins with. */
    public void bind(PreparedStatement select, LocalDate month) throws SQLException {
        select.setString(1, links);
        select.setString(2, at);
        select.setObject(3, month);
        select.setObject(4, month.plusMonths(1));
    }
}
