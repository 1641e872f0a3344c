package dev.wisp.billing.export;

import dev.wisp.billing.ledger.AccountMonth;
import dev.wisp.billing.rating.Meter;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a revision used in an hour under one version of the prices; only calls that are billed count. */
record HourUsage(
        Instant hour,
        String namespace,
        String service,
        String revision,
        int priceVersion,
        Map<Meter, BigInteger> quantities) {

    private static final String SQL = """
            SELECT date_trunc('hour', received_at, 'UTC'), namespace, service, revision, price_version, count(*), sum(cpu_us),
              sum(memory_bytes::numeric * billed_ms), sum(bytes_out)
            FROM billing.invocation
            WHERE %s AND outcome < 4 AND rating <> 2
            GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
            """.formatted(AccountMonth.where("received_at"));

    HourUsage {
        quantities = Map.copyOf(quantities);
    }

    BigInteger of(Meter meter) {
        return quantities.getOrDefault(meter, BigInteger.ZERO);
    }

    static List<HourUsage> of(Connection connection, String account, LocalDate month) throws SQLException {
        try (PreparedStatement select = AccountMonth.prepare(connection, SQL, account, month);
                ResultSet row = select.executeQuery()) {
            List<HourUsage> usage = new ArrayList<>();
            while (row.next()) {
                usage.add(read(row));
            }
            return usage;
        }
    }

    private static HourUsage read(ResultSet row) throws SQLException {
        return new HourUsage(
                row.getObject(1, OffsetDateTime.class).toInstant(),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getInt(5),
                Map.of(
                        Meter.REQUESTS, BigInteger.valueOf(row.getLong(6)),
                        Meter.CPU_TIME, row.getBigDecimal(7).toBigIntegerExact(),
                        Meter.MEMORY_TIME, row.getBigDecimal(8).toBigIntegerExact(),
                        Meter.EGRESS, row.getBigDecimal(9).toBigIntegerExact()));
    }
}
