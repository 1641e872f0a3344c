package dev.wisp.billing.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;

/** Which rows of a partitioned table are an account's of a month, in UTC. */
public final class AccountMonth {

    private AccountMonth() {}

    /**
     * A condition with five parameters, those of {@link #prepare}. The id day is at most one from the day of the row's time.
     *
     * @param time the column that has the row's time
     */
    public static String where(String time) {
        return "account = ? AND id_day BETWEEN ?::date - 1 AND ?::date + 1 AND %1$s >= ?::date::timestamp AT TIME ZONE 'UTC' AND %1$s < ?::date::timestamp AT TIME ZONE 'UTC'"
                .formatted(time);
    }

    /**
     * Prepares a question whose parameters are those of one such condition.
     *
     * @param month its first day
     */
    public static PreparedStatement prepare(Connection connection, String sql, String account, LocalDate month)
            throws SQLException {
        PreparedStatement select = connection.prepareStatement(sql);
        try {
            LocalDate end = month.plusMonths(1);
            select.setString(1, account);
            select.setObject(2, month);
            select.setObject(3, end);
            select.setObject(4, month);
            select.setObject(5, end);
            return select;
        } catch (SQLException e) {
            select.close();
            throw e;
        }
    }
}
