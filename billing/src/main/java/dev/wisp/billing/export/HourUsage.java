package dev.wisp.billing.export;

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
            WHERE account = ? AND outcome < 4 AND rating <> 2 AND id_day BETWEEN ?::date - 1 AND ?::date + 1
              AND received_at >= ?::date::timestamp AT TIME ZONE 'UTC' AND received_at < ?::date::timestamp AT TIME ZONE 'UTC'
            GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
            """;

    HourUsage {
        quantities = Map.copyOf(quantities);
    }

    BigInteger of(Meter meter) {
        return quantities.getOrDefault(meter, BigInteger.ZERO);
    }

    static List<HourUsage> of(Connection connection, String account, LocalDate month) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SQL)) {
            LocalDate end = month.plusMonths(1);
            select.setString(1, account);
            select.setObject(2, month);
            select.setObject(3, end);
            select.setObject(4, month);
            select.setObject(5, end);
            try (ResultSet row = select.executeQuery()) {
                List<HourUsage> usage = new ArrayList<>();
                while (row.next()) {
                    usage.add(read(row));
                }
                return usage;
            }
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
