package dev.wisp.billing.ledger;

/**
 * Sums of the time of instances without a call, as SQL: processor limit and memory limit by microseconds idle, memory limit by microseconds
 * frozen. What they are made from is {@code billing.instance_time} or rows of its form; stretches in which an instance only started and served
 * have no part in them.
 */
public final class WaitingSums {

    /** Names of the sums, wherever they are kept. */
    public static final String COLUMNS = "idle_millicore_us, idle_memory_byte_us, frozen_memory_byte_us";

    /** The sums over rows of {@code billing.instance_time}. */
    public static final String SUMS =
            "sum(cpu_millicores::numeric * idle_us) AS idle_millicore_us, sum(memory_bytes::numeric * idle_us) AS idle_memory_byte_us,"
                    + " sum(memory_bytes::numeric * frozen_us) AS frozen_memory_byte_us";

    /** Which of the rows. */
    public static final String WAITED = "(idle_us > 0 OR frozen_us > 0)";

    private static final String ADDED = """
            idle_millicore_us = old.idle_millicore_us + excluded.idle_millicore_us,
              idle_memory_byte_us = old.idle_memory_byte_us + excluded.idle_memory_byte_us,
              frozen_memory_byte_us = old.frozen_memory_byte_us + excluded.frozen_memory_byte_us
            """;

    /** Common table expressions that add what is in one named {@code stored} to all sums. */
    static final String ADD_STORED =
            """
            waited AS MATERIALIZED (
              SELECT date_trunc('minute', at, 'UTC') AS bucket, account, namespace, service, revision, price_version, %s
              FROM stored WHERE %s GROUP BY 1, 2, 3, 4, 5, 6
            ), minute AS (%s), hour AS (%s), day AS (%s), billed AS (%s)
            """.formatted(SUMS, WAITED, upsert("minute"), upsert("hour"), upsert("day"), upsertBilled());

    private WaitingSums() {}

    private static String upsert(String window) {
        return """
            INSERT INTO billing.usage_%1$s AS old (bucket, account, namespace, service, revision, price_version, invocations, errors,
              cold_starts, queue_us, start_us, app_us, billed_ms, cpu_us, memory_byte_ms, bytes_in, bytes_out, cost_picos, %2$s)
            SELECT date_trunc('%1$s', bucket, 'UTC'), account, namespace, service, revision, price_version,
              0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, sum(idle_millicore_us), sum(idle_memory_byte_us), sum(frozen_memory_byte_us)
            FROM waited GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
            ON CONFLICT (bucket, account, namespace, service, revision, price_version) DO UPDATE SET %3$s
            """.formatted(window, COLUMNS, ADDED);
    }

    private static String upsertBilled() {
        return """
            INSERT INTO billing.billed_day AS old
            SELECT account, (bucket AT TIME ZONE 'UTC')::date, price_version, 0, 0, 0, 0, 0, sum(idle_millicore_us),
              sum(idle_memory_byte_us), sum(frozen_memory_byte_us)
            FROM waited GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            ON CONFLICT (account, day, price_version) DO UPDATE SET %s
            """.formatted(ADDED);
    }
}
