package dev.wisp.billing.verify;

import dev.wisp.billing.label.LabelRows;
import dev.wisp.billing.ledger.BilledSums;
import dev.wisp.billing.ledger.ChainKind;
import dev.wisp.billing.ledger.Corrections;
import dev.wisp.billing.ledger.DayRoots;
import dev.wisp.billing.ledger.InstanceTimes;
import dev.wisp.billing.ledger.InvoiceDigests;
import dev.wisp.billing.ledger.LedgerSql;
import dev.wisp.billing.ledger.NodeCalls;
import dev.wisp.billing.ledger.PriceBookDigest;
import dev.wisp.billing.ledger.Retention;
import dev.wisp.billing.ledger.Seal;
import dev.wisp.billing.ledger.WaitingSums;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The questions of a verification; each answers with one sentence about the first thing that is wrong, or with no row. */
final class VerificationSql {

    /** Every link follows the one before it, and its hash is that of its content. */
    static final String CHAIN = """
            SELECT format('chain of namespace %L: link %s %s', namespace, seq,
                CASE WHEN seq <> before + 1 THEN format('follows link %s', before) ELSE 'does not have the hash of its content' END)
            FROM (SELECT *, lag(hash, 1, sha256(''::bytea)) OVER w AS previous, lag(seq, 1, 0::bigint) OVER w AS before
              FROM billing.chain WINDOW w AS (PARTITION BY namespace ORDER BY seq)) AS link
            WHERE seq <> before + 1 OR hash <> sha256(previous || int4send(octet_length(namespace)) || convert_to(namespace, 'UTF8')
              || int8send(seq) || int2send(kind) || int8send((id_day - date '1970-01-01')::bigint) || int8send(content)
              || int8send(row_count) || digest || int8send((extract(epoch FROM linked_at) * 1000000)::bigint))
            ORDER BY namespace, seq LIMIT 1
            """;

    static final String HEADS = """
            SELECT format('chain of namespace %L: ends with link %s, and its head says %s', namespace, last.seq, head.seq)
            FROM (SELECT DISTINCT ON (namespace) namespace, seq, hash FROM billing.chain ORDER BY namespace, seq DESC) AS last
            FULL JOIN billing.chain_head AS head USING (namespace)
            WHERE last.seq IS DISTINCT FROM head.seq OR last.hash IS DISTINCT FROM head.hash
            ORDER BY namespace LIMIT 1
            """;

    static final String ROOTS = """
            SELECT format('root %s of %s does not cover what it says', number, day)
            FROM (SELECT *, lag(root, 1, sha256(''::bytea)) OVER w AS previous, lag(number, 1, 0::bigint) OVER w AS before
              FROM billing.day_root WINDOW w AS (ORDER BY number)) AS r
            WHERE number <> before + 1 OR root <> %s OR EXISTS (
              SELECT FROM jsonb_each_text(heads) AS head
              WHERE NOT EXISTS (SELECT FROM billing.chain AS link
                WHERE link.namespace = head.key AND link.seq || ':' || encode(link.hash, 'hex') = head.value))
            ORDER BY number LIMIT 1
            """.replace("root <> %s", "root <> " + DayRoots.ROOT);

    /** Days that have records, or links that say so. */
    static final String RECORD_DAYS = """
            SELECT DISTINCT id_day FROM billing.chain WHERE kind IN (0, 8) UNION SELECT DISTINCT id_day FROM billing.invocation
            UNION SELECT DISTINCT id_day FROM billing.instance_time
            EXCEPT SELECT id_day FROM billing.retired_day ORDER BY 1
            """;

    /** The records of a day are those that its links cover. */
    static final String RECORDS = records("records", "billing.invocation", ChainKind.INVOCATIONS, LedgerSql.digest());

    /** So are those of what instances had of it. */
    static final String TIMES =
            records("instance time", "billing.instance_time", ChainKind.INSTANCE_TIME, InstanceTimes.digest());

    private static String records(String name, String table, ChainKind kind, String digest) {
        return """
            SELECT format('%1$s of namespace %%L on %%s, batch %%s: %%s', namespace, id_day, batch,
                CASE WHEN link.row_count IS NULL THEN format('%%s that no link covers', stored.row_count)
                  WHEN stored.row_count IS NULL THEN format('none of %%s that were stored', link.row_count)
                  WHEN stored.row_count <> link.row_count
                    THEN format('%%s, and %%s were stored', stored.row_count, link.row_count)
                  ELSE 'at least one was changed' END)
            FROM (SELECT namespace, id_day, batch, count(*) AS row_count, %4$s AS digest
              FROM %2$s WHERE id_day = ? GROUP BY namespace, id_day, batch) AS stored
            FULL JOIN (SELECT namespace, id_day, content AS batch, row_count, digest
              FROM billing.chain WHERE kind = %3$d AND id_day = ?) AS link USING (namespace, id_day, batch)
            WHERE stored.row_count IS DISTINCT FROM link.row_count OR stored.digest IS DISTINCT FROM link.digest
            ORDER BY namespace, batch LIMIT 1
            """.formatted(name, table, kind.storedCode(), digest);
    }

    /** What the rating reads, of a day. */
    static final String RATED = """
            SELECT invocation_id, received_at, outcome, start_us, app_us, billed_ms, cpu_us, memory_bytes, bytes_out, price_version,
              cost_picos, cpu_millicores
            FROM billing.invocation WHERE id_day = ? AND rating <> 2
            """;

    /** Days that have sums, or records that belong into them. */
    static final String USAGE_DAYS = """
            SELECT DISTINCT (bucket AT TIME ZONE 'UTC')::date FROM billing.usage_minute
            UNION SELECT DISTINCT (received_at AT TIME ZONE 'UTC')::date FROM billing.invocation
            UNION SELECT DISTINCT (filed_at AT TIME ZONE 'UTC')::date FROM billing.correction
            UNION SELECT DISTINCT (at AT TIME ZONE 'UTC')::date FROM billing.instance_time
            UNION SELECT day FROM billing.billed_day ORDER BY 1
            """;

    static final String SEALED_USAGE = """
            SELECT format('sums by minute of %%s: not those that were sealed when records were dropped', ?::date)
            FROM (SELECT usage_digest AS digest, 1 AS rank FROM billing.retired_day WHERE id_day = ?
              UNION ALL SELECT next_usage_digest, 2 FROM billing.retired_day WHERE id_day = ?::date - 1
              ORDER BY rank LIMIT 1) AS sealed
            WHERE sealed.digest <> %s
            """.formatted(Retention.USAGE_DIGEST);

    static final String IS_SEALED =
            "SELECT 1 FROM billing.retired_day WHERE id_day = ? OR id_day = ?::date - 1 LIMIT 1";

    private static final String KEYS = "bucket, account, namespace, service, revision, price_version";

    private static final String SUMS =
            "invocations, errors, cold_starts, queue_us, start_us, app_us, billed_ms, cpu_us,"
                    + " memory_byte_ms, bytes_in, bytes_out, cost_picos, vcpu_millicore_ms, "
                    + WaitingSums.COLUMNS;

    /** The sums by minute of a day are those of its records, its instances' time and corrections; each parameter is the day. */
    static final String MINUTES = """
            WITH part AS (
              SELECT date_trunc('minute', received_at, 'UTC') AS bucket, account, namespace, service, revision, price_version,
                count(*) AS invocations, count(*) FILTER (WHERE outcome <> 0) AS errors,
                count(*) FILTER (WHERE cold_start) AS cold_starts, sum(queue_us) AS queue_us, sum(start_us) AS start_us,
                sum(app_us) AS app_us, sum(billed_ms) AS billed_ms, sum(cpu_us) AS cpu_us,
                sum(memory_bytes::numeric * billed_ms) AS memory_byte_ms, sum(bytes_in) AS bytes_in, sum(bytes_out) AS bytes_out,
                sum(cost_picos) AS cost_picos, sum(cpu_millicores::numeric * billed_ms) AS vcpu_millicore_ms,
                0 AS idle_millicore_us, 0 AS idle_memory_byte_us, 0 AS frozen_memory_byte_us
              FROM billing.invocation
              WHERE id_day BETWEEN ?::date - 1 AND ?::date + 1 AND (received_at AT TIME ZONE 'UTC')::date = ?
              GROUP BY 1, 2, 3, 4, 5, 6
              UNION ALL
              SELECT date_trunc('minute', filed_at, 'UTC'), account, namespace, service, revision, price_version, invocations, 0, 0, 0,
                0, 0, billed_ms, cpu_us, memory_byte_ms, 0, bytes_out, cost_picos, vcpu_millicore_ms, 0, 0, 0
              FROM billing.correction WHERE (filed_at AT TIME ZONE 'UTC')::date = ?
              UNION ALL
              SELECT date_trunc('minute', at, 'UTC'), account, namespace, service, revision, price_version, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                0, 0, 0, %3$s
              FROM billing.instance_time
              WHERE id_day BETWEEN ?::date - 1 AND ?::date + 1 AND (at AT TIME ZONE 'UTC')::date = ? AND %4$s
              GROUP BY 1, 2, 3, 4, 5, 6
            ), fresh AS (%1$s)
            %2$s
            """.formatted(
                    sums("part", KEYS, SUMS),
                    differences(
                            "minute",
                            "records",
                            "(SELECT * FROM billing.usage_minute WHERE bucket >= (?::date)::timestamp AT TIME ZONE 'UTC'"
                                    + " AND bucket < (?::date + 1)::timestamp AT TIME ZONE 'UTC')"),
                    WaitingSums.SUMS,
                    WaitingSums.WAITED);

    /** What invoices count of a day is what its records say; each parameter is the day. */
    static final String BILLED = """
            WITH part AS (
              SELECT account, price_version, %1$s, 0 AS idle_millicore_us, 0 AS idle_memory_byte_us, 0 AS frozen_memory_byte_us
              FROM billing.invocation
              WHERE id_day BETWEEN ?::date - 1 AND ?::date + 1 AND (received_at AT TIME ZONE 'UTC')::date = ? AND %2$s
              GROUP BY 1, 2
              UNION ALL
              SELECT account, price_version, 0, 0, 0, 0, 0, %3$s
              FROM billing.instance_time
              WHERE id_day BETWEEN ?::date - 1 AND ?::date + 1 AND (at AT TIME ZONE 'UTC')::date = ? AND %4$s
              GROUP BY 1, 2
            ), fresh AS (%5$s)
            SELECT format('billed sums of %%s: account %%s, price version %%s are not those of the records', ?::date, account, price_version)
            FROM fresh FULL JOIN (SELECT * FROM billing.billed_day WHERE day = ?) AS stored USING (account, price_version)
            WHERE (%6$s) IS DISTINCT FROM (%7$s)
            ORDER BY account, price_version LIMIT 1
            """.formatted(
                    BilledSums.SUMS,
                    BilledSums.BILLED,
                    WaitingSums.SUMS,
                    WaitingSums.WAITED,
                    sums("part", "account, price_version", BilledSums.COLUMNS),
                    columns("fresh", BilledSums.COLUMNS),
                    columns("stored", BilledSums.COLUMNS));

    /** Of a day that was retired before there were such sums nothing is known. */
    static final String SEALED_BILLED = """
            SELECT format('billed sums of %%s: not those that were sealed when records were dropped', ?::date)
            FROM (SELECT billed_digest AS digest, 1 AS rank FROM billing.retired_day WHERE id_day = ?
              UNION ALL SELECT next_billed_digest, 2 FROM billing.retired_day WHERE id_day = ?::date - 1
              ORDER BY rank LIMIT 1) AS sealed
            WHERE sealed.digest <> %s
            """.formatted(Retention.BILLED_DIGEST);

    static final String HOURS = rolledUp("hour", "minute");
    static final String DAYS = rolledUp("day", "hour");

    static final String PRICE_BOOKS =
            rows(ChainKind.PRICE_BOOK, "price book", "billing.price_book", "version", PriceBookDigest.digest("r"));

    static final String CORRECTIONS =
            rows(ChainKind.CORRECTION, "correction", "billing.correction", "number", Corrections.digest("r"));

    static final String INVOICES =
            rows(ChainKind.INVOICE, "invoice", "billing.invoice", "number", InvoiceDigests.invoice("r"));

    static final String INVOICE_EVENTS = rows(
            ChainKind.INVOICE_EVENT, "invoice event", "billing.invoice_event", "number", InvoiceDigests.event("r"));

    static final String CREDITS =
            rows(ChainKind.CREDIT, "credit", "billing.credit", "number", InvoiceDigests.credit("r"));

    static final String INVOICE_GAPS = """
            SELECT format('invoice %s: the one before it is %s', number, before)
            FROM (SELECT number, lag(number, 1, 0::bigint) OVER (ORDER BY number) AS before FROM billing.invoice) AS series
            WHERE number <> before + 1 ORDER BY number LIMIT 1
            """;

    static final String RETIRED_DAYS =
            rows(ChainKind.RETIRED_DAY, "retired day", "billing.retired_day", "number", Retention.digest("r"));

    static final String ROOT_ROWS = rows(ChainKind.DAY_ROOT, "root", "billing.day_root", "number", "r.root");

    /** A correction is the negative of the record it takes back, as long as that is there. */
    static final String CORRECTED = """
            SELECT format('correction %s is not the negative of record %s', number, invocation_id)
            FROM billing.correction JOIN billing.invocation AS record USING (invocation_id)
            WHERE (correction.billed_ms, correction.cpu_us, correction.memory_byte_ms, correction.vcpu_millicore_ms,
                correction.bytes_out, correction.cost_picos)
              IS DISTINCT FROM (-record.billed_ms, -record.cpu_us, -(record.memory_bytes::numeric * record.billed_ms),
                -(record.cpu_millicores::numeric * record.billed_ms),
                -record.bytes_out, -record.cost_picos)
            ORDER BY number LIMIT 1
            """;

    /** Labels are those that links cover. */
    static final String LABELS = """
            SELECT format('labels of namespace %%L, batch %%s: %%s', namespace, batch,
                CASE WHEN link.row_count IS NULL THEN 'no link covers them'
                  WHEN stored.row_count IS NULL THEN format('none of %%s that were stored', link.row_count)
                  WHEN stored.row_count <> link.row_count THEN format('%%s, and %%s were stored', stored.row_count, link.row_count)
                  ELSE 'at least one was changed' END)
            FROM (SELECT namespace, batch, count(*) AS row_count, %s AS digest FROM billing.label_set GROUP BY namespace, batch) AS stored
            FULL JOIN (SELECT namespace, content AS batch, row_count, digest FROM billing.chain WHERE kind = %d) AS link
              USING (namespace, batch)
            WHERE stored.row_count IS DISTINCT FROM link.row_count OR stored.digest IS DISTINCT FROM link.digest
            ORDER BY namespace, batch LIMIT 1
            """.formatted(LabelRows.DIGEST, ChainKind.LABELS.storedCode());

    /** What questions read of labels is made from them. */
    static final String COUNTED_LABELS = """
            SELECT format('label %%L of revision %%s/%%s from %%s: it is not that of the set', name, namespace, revision, counts_from)
            FROM (%s) AS fresh FULL JOIN billing.revision_label AS stored USING (namespace, revision, name, counts_from)
            WHERE (fresh.value, fresh.counts_until) IS DISTINCT FROM (stored.value, stored.counts_until)
            ORDER BY namespace, revision, name, counts_from LIMIT 1
            """.formatted(LabelRows.RECOMPUTED);

    /** Tables that are no money and have a seal. */
    static final String SEALS =
            """
            SELECT format('billing.%%s: %%s', name, CASE WHEN seal.row_count IS NULL THEN 'its seal is missing'
              WHEN stored.row_count IS NULL THEN 'there is a seal and no such table'
              WHEN stored.row_count <> seal.row_count THEN format('%%s rows, and %%s are sealed', stored.row_count, seal.row_count)
              ELSE 'its rows are not those that were sealed' END)
            FROM (%s) AS stored FULL JOIN billing.seal USING (name)
            WHERE (stored.row_count, stored.content) IS DISTINCT FROM (seal.row_count, seal.content)
            ORDER BY name LIMIT 1
            """.formatted(Stream.of(Seal.values()).map(Seal::recomputed).collect(Collectors.joining(" UNION ALL ")));

    static final String NODE_CALLS = """
            SELECT format('processor time of calls on node %%s that ended in tick %%s: %%s, the records say %%s', node_id, tick,
              coalesce(stored::text, 'none'), coalesce(should::text, 'none')) FROM (%s) AS different
            """.formatted(NodeCalls.DIFFERENCES);

    private VerificationSql() {}

    private static String rolledUp(String window, String from) {
        return "WITH part AS (SELECT date_trunc('%s', bucket, 'UTC') AS bucket, account, namespace, service, revision, price_version, %s FROM billing.usage_%s), fresh AS (%s) %s"
                .formatted(
                        window,
                        SUMS,
                        from,
                        sums("part", KEYS, SUMS),
                        differences(window, "sums by " + from, "billing.usage_" + window));
    }

    private static String sums(String table, String keys, String names) {
        StringBuilder columns = new StringBuilder(keys);
        for (String sum : names.split(",\\s*", -1)) {
            columns.append(", sum(").append(sum).append(") AS ").append(sum);
        }
        return "SELECT %s FROM %s GROUP BY %s".formatted(columns, table, keys);
    }

    private static String differences(String window, String source, String stored) {
        return """
            SELECT format('sums by %1$s: %%s of %%s/%%s, revision %%s, price version %%s are not those of the %2$s', bucket, namespace,
              service, revision, price_version)
            FROM fresh FULL JOIN %3$s AS stored USING (%4$s)
            WHERE (%5$s) IS DISTINCT FROM (%6$s)
            ORDER BY bucket, namespace, service LIMIT 1
            """.formatted(window, source, stored, KEYS, columns("fresh", SUMS), columns("stored", SUMS));
    }

    private static String columns(String table, String names) {
        return table + "." + names.replace(", ", ", " + table + ".");
    }

    /** Rows that are each a link of their own. */
    static String rows(ChainKind kind, String name, String table, String key, String digest) {
        return """
            SELECT format('%1$s %%s: %%s', number, CASE WHEN link.digest IS NULL THEN 'no link covers it'
              WHEN stored.digest IS NULL THEN 'it is missing' ELSE 'it was changed' END)
            FROM (SELECT r.%2$s::bigint AS number, %3$s AS digest FROM %4$s AS r) AS stored
            FULL JOIN (SELECT content AS number, digest FROM billing.chain WHERE kind = %5$d) AS link USING (number)
            WHERE stored.digest IS DISTINCT FROM link.digest
            ORDER BY number LIMIT 1
            """.formatted(name, key, digest, table, kind.storedCode());
    }
}
