package dev.wisp.billing.ledger;

import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Outcome;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sums of records by minute, as the statement that merges staged rows makes them; added to the tables in one statement. */
final class MinuteSums {

    private static final int SUMS = 10;

    private record Key(
            long minute, String account, String namespace, String service, String revision, int priceVersion) {}

    private final Key key;
    private long invocations;
    private long errors;
    private long coldStarts;
    private final WideSum[] sums = new WideSum[SUMS];

    private MinuteSums(Key key) {
        this.key = key;
        Arrays.setAll(sums, sum -> new WideSum());
    }

    static Collection<MinuteSums> of(List<RatedRecord> records) {
        Map<Key, MinuteSums> sums = new HashMap<>();
        for (RatedRecord rated : records) {
            sums.computeIfAbsent(key(rated.record()), MinuteSums::new).add(rated.record());
        }
        return sums.values();
    }

    static void add(Connection connection, Collection<MinuteSums> sums) throws SQLException {
        List<MinuteSums> rows = List.copyOf(sums);
        try (PreparedStatement add = connection.prepareStatement(LedgerSql.ADD_SUMS)) {
            ArrayColumns.set(add, 1, "text", rows, row -> minute(row.key.minute()));
            ArrayColumns.set(add, 2, "text", rows, row -> row.key.account());
            ArrayColumns.set(add, 3, "text", rows, row -> row.key.namespace());
            ArrayColumns.set(add, 4, "text", rows, row -> row.key.service());
            ArrayColumns.set(add, 5, "text", rows, row -> row.key.revision());
            ArrayColumns.set(add, 6, "integer", rows, row -> row.key.priceVersion());
            ArrayColumns.set(add, 7, "bigint", rows, row -> row.invocations);
            ArrayColumns.set(add, 8, "bigint", rows, row -> row.errors);
            ArrayColumns.set(add, 9, "bigint", rows, row -> row.coldStarts);
            for (int sum = 0; sum < SUMS; sum++) {
                int column = sum;
                ArrayColumns.set(add, 10 + sum, "numeric", rows, row -> new BigDecimal(row.sums[column].value()));
            }
            add.executeQuery().close();
        }
    }

    private static String minute(long minute) {
        return Instant.EPOCH.plus(minute, ChronoUnit.MINUTES).toString();
    }

    private static Key key(InvocationRecord record) {
        return new Key(
                Math.floorDiv(record.receivedAtMicros(), Ledger.MICROS_PER_MINUTE),
                record.account(),
                record.revision().namespace(),
                record.service(),
                record.revision().name(),
                record.priceVersion());
    }

    private void add(InvocationRecord record) {
        invocations++;
        errors += record.outcome() == Outcome.SUCCESS ? 0 : 1;
        coldStarts += record.coldStart() ? 1 : 0;
        sums[0].add(record.queueMicros());
        sums[1].add(record.startMicros());
        sums[2].add(record.appMicros());
        sums[3].add(record.billedMillis());
        sums[4].add(record.cpuMicros());
        sums[5].addProduct(record.memoryBytes(), record.billedMillis());
        sums[6].add(record.bytesIn());
        sums[7].add(record.bytesOut());
        sums[8].add(record.costPicos());
        sums[9].addProduct(record.cpuMillicores(), record.billedMillis());
    }
}
