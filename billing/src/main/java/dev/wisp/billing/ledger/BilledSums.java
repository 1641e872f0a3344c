package dev.wisp.billing.ledger;

import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.RatingState;
import dev.wisp.contracts.invocation.InvocationRecord;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an invoice counts of calls, by account, day of UTC and version of the prices: only those with an outcome that is billed and prices that
 * are known. A handful of rows a batch, in {@code billing.billed_day}.
 */
public final class BilledSums {

    /** What {@code billing.billed_day} has of each account, day and version. */
    public static final String COLUMNS =
            "requests, cpu_us, vcpu_millicore_ms, memory_byte_ms, bytes_out, " + WaitingSums.COLUMNS;

    /** Which rows of {@code billing.invocation}: neither out of memory (4) nor the platform's fault (5), nor with unknown prices (2). */
    public static final String BILLED = "outcome < 4 AND rating <> 2";

    /** The sums over such rows. */
    public static final String SUMS =
            "count(*) AS requests, sum(cpu_us) AS cpu_us, sum(cpu_millicores::numeric * billed_ms) AS vcpu_millicore_ms,"
                    + " sum(memory_bytes::numeric * billed_ms) AS memory_byte_ms, sum(bytes_out) AS bytes_out";

    private static final String UPSERT = """
            ON CONFLICT (account, day, price_version) DO UPDATE SET
              requests = old.requests + excluded.requests, cpu_us = old.cpu_us + excluded.cpu_us,
              vcpu_millicore_ms = old.vcpu_millicore_ms + excluded.vcpu_millicore_ms,
              memory_byte_ms = old.memory_byte_ms + excluded.memory_byte_ms, bytes_out = old.bytes_out + excluded.bytes_out
            """;

    /** Adds rows named {@code inserted}. */
    static final String ADD_INSERTED = """
            INSERT INTO billing.billed_day AS old
            SELECT account, (received_at AT TIME ZONE 'UTC')::date, price_version, %s, 0, 0, 0
            FROM inserted WHERE %s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            %s
            """.formatted(SUMS, BILLED, UPSERT);

    private static final String ADD = """
            INSERT INTO billing.billed_day AS old
            SELECT *, 0, 0, 0 FROM unnest(?::text[], ?::date[], ?::int[], ?::numeric[], ?::numeric[], ?::numeric[], ?::numeric[],
              ?::numeric[]) AS sums ORDER BY 1, 2, 3
            %s
            """.formatted(UPSERT);

    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final int QUANTITIES = 5;

    private record Key(String account, long day, int priceVersion) {}

    private final Key key;
    private final WideSum[] sums = new WideSum[QUANTITIES];

    private BilledSums(Key key) {
        this.key = key;
        Arrays.setAll(sums, sum -> new WideSum());
    }

    static Collection<BilledSums> of(List<RatedRecord> records) {
        Map<Key, BilledSums> sums = new HashMap<>();
        for (RatedRecord rated : records) {
            InvocationRecord record = rated.record();
            if (record.outcome().isBilled() && rated.state() != RatingState.UNKNOWN_PRICE) {
                sums.computeIfAbsent(key(record), BilledSums::new).add(record);
            }
        }
        return sums.values();
    }

    static void add(Connection connection, Collection<BilledSums> sums) throws SQLException {
        List<BilledSums> rows = List.copyOf(sums);
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            ArrayColumns.set(add, 1, "text", rows, row -> row.key.account());
            ArrayColumns.set(
                    add,
                    2,
                    "text",
                    rows,
                    row -> LocalDate.ofEpochDay(row.key.day()).toString());
            ArrayColumns.set(add, 3, "integer", rows, row -> row.key.priceVersion());
            for (int sum = 0; sum < QUANTITIES; sum++) {
                int column = sum;
                ArrayColumns.set(add, 4 + sum, "numeric", rows, row -> new BigDecimal(row.sums[column].value()));
            }
            add.executeUpdate();
        }
    }

    private static Key key(InvocationRecord record) {
        return new Key(
                record.account(), Math.floorDiv(record.receivedAtMicros(), MICROS_PER_DAY), record.priceVersion());
    }

    private void add(InvocationRecord record) {
        sums[0].add(1);
        sums[1].add(record.cpuMicros());
        sums[2].addProduct(record.cpuMillicores(), record.billedMillis());
        sums[3].addProduct(record.memoryBytes(), record.billedMillis());
        sums[4].add(record.bytesOut());
    }
}
