package dev.wisp.billing.ledger;

/** The statements of one append, in the order in which they run. */
public final class LedgerSql {

    /** Lives as long as its connection; a temporary table writes no log. */
    static final String STAGING =
            "CREATE TEMPORARY TABLE IF NOT EXISTS invocation_staging ON COMMIT DELETE ROWS AS SELECT " + CopyRows.STORED
                    + " FROM billing.invocation WITH NO DATA";

    private static final String COPY = "COPY %s (" + CopyRows.STORED + ") FROM STDIN (FORMAT binary)";

    /** Fails when one of the rows is there already. */
    static final String COPY_NEW = COPY.formatted("billing.invocation");

    static final String COPY_STAGED = COPY.formatted("invocation_staging");

    /** Adds sums that were made from the records in memory: an array for each column. */
    static final String ADD_SUMS = """
            WITH minutes AS MATERIALIZED (
              SELECT * FROM unnest(?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[], ?::bigint[], ?::bigint[],
                ?::bigint[], ?::numeric[], ?::numeric[], ?::numeric[], ?::numeric[], ?::numeric[], ?::numeric[], ?::numeric[],
                ?::numeric[], ?::numeric[], ?::numeric[])
              AS sums (bucket, account, namespace, service, revision, price_version, invocations, errors, cold_starts, queue_us,
                start_us, app_us, billed_ms, cpu_us, memory_byte_ms, bytes_in, bytes_out, cost_picos, vcpu_millicore_ms)
            ), minute AS (%s), hour AS (%s), day AS (%s)
            SELECT count(*) FROM minutes
            """.formatted(upsert("minute"), upsert("hour"), upsert("day"));

    /**
     * Moves staged rows into the ledger and adds to the sums what was really inserted, and only that: the sums read RETURNING, so a
     * record that was there before changes nothing. Rows are merged in key order, minutes into hours into days. What comes back is
     * what the chain has to cover, a row a namespace and day.
     */
    static final String MERGE = """
            WITH inserted AS (
              INSERT INTO billing.invocation (%1$s)
              SELECT %1$s FROM invocation_staging ORDER BY id_day, invocation_id
              ON CONFLICT DO NOTHING
              RETURNING *
            ), minutes AS MATERIALIZED (
              SELECT date_trunc('minute', received_at, 'UTC') AS bucket, account, namespace, service, revision, price_version,
                count(*) AS invocations, count(*) FILTER (WHERE outcome <> 0) AS errors,
                count(*) FILTER (WHERE cold_start) AS cold_starts,
                sum(queue_us) AS queue_us, sum(start_us) AS start_us, sum(app_us) AS app_us,
                sum(billed_ms) AS billed_ms, sum(cpu_us) AS cpu_us, sum(memory_bytes::numeric * billed_ms) AS memory_byte_ms,
                sum(bytes_in) AS bytes_in, sum(bytes_out) AS bytes_out, sum(cost_picos) AS cost_picos,
                sum(cpu_millicores::numeric * billed_ms) AS vcpu_millicore_ms
              FROM inserted
              GROUP BY 1, 2, 3, 4, 5, 6
            ), minute AS (%2$s), hour AS (%3$s), day AS (%4$s), billed AS (%7$s), node_calls AS (%8$s)
            SELECT namespace, id_day, count(*), %6$s,
              ARRAY(SELECT invocation_id FROM inserted ORDER BY invocation_id DESC LIMIT %5$d)
            FROM inserted GROUP BY namespace, id_day ORDER BY namespace, id_day
            """.formatted(
                    CopyRows.STORED,
                    upsert("minute"),
                    upsert("hour"),
                    upsert("day"),
                    Ledger.NEWEST_MAX,
                    digest(),
                    BilledSums.ADD_INSERTED,
                    NodeCalls.upsertFrom("inserted"));

    static final String NEXT_BATCH = "SELECT nextval('billing.batch')";

    /** Two ingests of the same records could wait for each other where the database does not see it: one of them has to give in. */
    static final String BEGIN = "SELECT now(), set_config('lock_timeout', '10s', true)";

    static final String BEGIN_BATCH = "SELECT nextval('billing.batch'), now()";

    static final String START_OFFSETS = """
            WITH begun AS (
              INSERT INTO billing.ingest_offset (topic, partition, next_offset)
              SELECT ?, partition, 0 FROM unnest(?) AS partition ORDER BY partition
              ON CONFLICT DO NOTHING RETURNING *
            ) %s
            """.formatted(Seal.OFFSETS.add("begun"));

    static final String OFFSETS =
            "SELECT partition, next_offset FROM billing.ingest_offset WHERE topic = ? AND partition = ANY (?)";

    /** Whoever holds these rows is the only one who can move the offsets. */
    static final String LOCK_OFFSETS = OFFSETS + " ORDER BY partition FOR UPDATE";

    /** What goes is where reading began, and not what the row says: had somebody moved it, the difference stays in the seal. */
    static final String MOVE_OFFSETS = """
            WITH moved AS (
              UPDATE billing.ingest_offset AS stored SET next_offset = read.read_on_at
              FROM unnest(?::integer[], ?::bigint[], ?::bigint[]) AS read (partition, read_from, read_on_at)
              WHERE stored.topic = ? AND stored.partition = read.partition
              RETURNING stored.topic, stored.partition, read.read_from, stored.next_offset
            ) %s
            """.formatted(
                    Seal.OFFSETS.replace("moved", "topic, partition, read_from", "topic, partition, next_offset"));

    static final String REJECT = """
            WITH came AS (
              INSERT INTO billing.rejected (topic, partition, log_offset, reason, value)
              SELECT ?, partition, log_offset, reason, decode(value, 'hex')
              FROM unnest(?::integer[], ?::bigint[], ?::text[], ?::text[]) AS read (partition, log_offset, reason, value)
              ON CONFLICT DO NOTHING RETURNING *
            ) %s
            """.formatted(Seal.REJECTED.add("came"));

    static final String PRICE_BOOKS = """
            SELECT version, currency, effective_from, per_request_picos, per_cpu_second_picos, per_gib_second_picos,
              per_egress_gb_picos, increment_millis, start_billed, per_vcpu_second_picos
            FROM billing.price_book
            """;

    private LedgerSql() {}

    /**
     * SHA-256 over the SHA-256s of rows of {@code billing.invocation}, in the order of their ids. A row's bytes are those that Postgres
     * sends it in: for each column its type, length and value.
     */
    public static String digest() {
        return "sha256(string_agg(sha256(%s), ''::bytea ORDER BY invocation_id))".formatted(bytes());
    }

    /** The bytes of a row of {@code billing.invocation} that its link covers: columns that were added up to the last one with something in it. */
    public static String bytes() {
        return ("CASE WHEN trigger <> 0 OR attempt <> 0 OR service_uid <> '00000000-0000-0000-0000-000000000000' THEN record_send(ROW(%s))"
                        + " WHEN cpu_millicores <> 0 THEN record_send(ROW(%s)) WHEN start_parts <> '' THEN record_send(ROW(%s))"
                        + " ELSE record_send(ROW(%s)) END")
                .formatted(CopyRows.STORED, CopyRows.COLUMNS_WITH_LIMIT, CopyRows.COLUMNS_WITH_PARTS, CopyRows.COLUMNS);
    }

    private static String upsert(String window) {
        return """
            INSERT INTO billing.usage_%1$s AS old
            SELECT date_trunc('%1$s', bucket, 'UTC'), account, namespace, service, revision, price_version,
              sum(invocations), sum(errors), sum(cold_starts), sum(queue_us), sum(start_us), sum(app_us), sum(billed_ms),
              sum(cpu_us), sum(memory_byte_ms), sum(bytes_in), sum(bytes_out), sum(cost_picos), sum(vcpu_millicore_ms)
            FROM minutes GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
            ON CONFLICT (bucket, account, namespace, service, revision, price_version) DO UPDATE SET
              invocations = old.invocations + excluded.invocations, errors = old.errors + excluded.errors,
              cold_starts = old.cold_starts + excluded.cold_starts, queue_us = old.queue_us + excluded.queue_us,
              start_us = old.start_us + excluded.start_us, app_us = old.app_us + excluded.app_us,
              billed_ms = old.billed_ms + excluded.billed_ms, cpu_us = old.cpu_us + excluded.cpu_us,
              memory_byte_ms = old.memory_byte_ms + excluded.memory_byte_ms, bytes_in = old.bytes_in + excluded.bytes_in,
              bytes_out = old.bytes_out + excluded.bytes_out, cost_picos = old.cost_picos + excluded.cost_picos,
              vcpu_millicore_ms = old.vcpu_millicore_ms + excluded.vcpu_millicore_ms
            """.formatted(window);
    }
}
