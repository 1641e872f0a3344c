package dev.wisp.billing.export;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.SortedMap;
import java.util.TreeMap;

/** Of which months the calls are that were taken back in a month: its invoice has one line for all of them. */
final class TakenBack {

    /** A call is of the time in its id, which is there when its record is kept no longer, but never of a time after it was taken back. */
    private static final String BY_MONTH = """
            SELECT date_trunc('month', least(filed_at, CASE WHEN invocation_id::text ~ '^.{14}7.{4}[89ab]'
                THEN to_timestamp(('x' || left(replace(invocation_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) END)
                AT TIME ZONE 'UTC')::date, sum(cost_picos)
            FROM billing.correction
            WHERE account = ? AND filed_at >= ?::date::timestamp AT TIME ZONE 'UTC' AND filed_at < ?::date::timestamp AT TIME ZONE 'UTC'
            GROUP BY 1 HAVING sum(cost_picos) <> 0
            """;

    private TakenBack() {}

    /**
     * Costs in picos, below 0, by the month of the calls.
     *
     * @param month in which they were taken back, its first day
     */
    static SortedMap<LocalDate, BigInteger> in(Connection connection, String account, LocalDate month)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(BY_MONTH)) {
            select.setString(1, account);
            select.setObject(2, month);
            select.setObject(3, month.plusMonths(1));
            try (ResultSet row = select.executeQuery()) {
                SortedMap<LocalDate, BigInteger> byMonth = new TreeMap<>();
                while (row.next()) {
                    byMonth.put(
                            row.getObject(1, LocalDate.class),
                            row.getBigDecimal(2).toBigIntegerExact());
                }
                return byMonth;
            }
        }
    }
}
