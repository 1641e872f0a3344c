package dev.wisp.billing.ledger;

/**
 * Tables that are no money and yet decide what is billed or compared. How many rows each has, and the sum of their hashes, is a row of
 * {@code billing.seal}, changed in the transaction that changes them: rows that come are added and rows that go are taken away as they were known
 * to be, so that a row that was changed in between leaves a difference that no later write takes back.
 */
public enum Seal {
    /** Where reading goes on. */
    OFFSETS("ingest_offset", "topic, partition, next_offset"),
    /** Values that were no records. */
    REJECTED("rejected", "topic, partition, log_offset, reason, value, rejected_at"),
    /** What kernels counted. */
    NODE_CPU("node_cpu", "node_id, run, period, at, counted_us, prepared_us"),
    /** When records arrived whose own date cannot be. */
    REDATED("redated", "said_id, said_at_us, arrived_at");

    private final String table;
    private final String columns;

    Seal(String table, String columns) {
        this.table = table;
        this.columns = columns;
    }

    /** One row: name, {@code row_count} and {@code content} as the table has them now. */
    public String recomputed() {
        return "SELECT '%1$s' AS name, count(*) AS row_count, coalesce(sum(%2$s), 0) AS content FROM billing.%1$s"
                .formatted(table, hash(columns));
    }

    /** Adds rows of this table that came. */
    public String add(String rows) {
        return change(rows, "+");
    }

    /** Takes rows of this table away that went. */
    public String remove(String rows) {
        return change(rows, "-");
    }

    /**
     * Takes rows away and adds others in their place.
     *
     * @param before columns of {@code rows} that are those of this table as they were known to be
     * @param after the same as they are
     */
    String replace(String rows, String before, String after) {
        return "UPDATE billing.seal SET content = content + (SELECT coalesce(sum(%s - %s), 0) FROM %s) WHERE name = '%s'"
                .formatted(hash(after), hash(before), rows, table);
    }

    private String change(String rows, String sign) {
        return """
            UPDATE billing.seal SET row_count = seal.row_count %1$s these.row_count, content = seal.content %1$s these.content
            FROM (SELECT count(*) AS row_count, sum(%2$s) AS content FROM %3$s) AS these
            WHERE name = '%4$s' AND these.row_count > 0
            """.formatted(sign, hash(columns), rows, table);
    }

    /** 64 bits are enough against a change that knows nothing of them, and a sum of them stays a number of some twenty digits. */
    private static String hash(String columns) {
        return "('x' || left(encode(sha256(record_send(ROW(%s))), 'hex'), 16))::bit(64)::bigint::numeric"
                .formatted(columns);
    }
}
