package dev.wisp.billing.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;

/**
 * Which rows of a partitioned table are an account's of a month, in UTC, and not behind a cut.
 *
 * @param month its first day
 */
public record AccountMonth(String account, LocalDate month, ChainCut cut) {

    private static final int PARAMETERS = 5;

    /**
     * A condition with {@value #PARAMETERS} parameters, those of {@link #bind}. The id day is at most one from the day of the row's time.
     *
     * @param time the column that has the row's time
     */
    public static String where(String time) {
        return "account = ? AND id_day BETWEEN ?::date - 1 AND ?::date + 1 AND %1$s >= ?::date::timestamp AT TIME ZONE 'UTC' AND %1$s < ?::date::timestamp AT TIME ZONE 'UTC'"
                .formatted(time);
    }

    /** The same condition, of rows that are not behind the cut either; in a statement that begins with {@link ChainCut#LATER}. */
    public static String counted(String table, ChainKind kind, String time) {
        return "%s AND NOT %s".formatted(where(time), ChainCut.isLater(table, kind));
    }

    /** Prepares a question that begins with the links behind the cut and has one condition on the rows. */
    public PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        PreparedStatement select = connection.prepareStatement(sql);
        try {
            cut.bind(select, month);
            bind(select, 1 + ChainCut.PARAMETERS);
            return select;
        } catch (SQLException e) {
            select.close();
            throw e;
        }
    }

    /**
     * Sets the parameters of a condition.
     *
     * @param first number of its first
     * @return number of the one after its last
     */
    public int bind(PreparedStatement select, int first) throws SQLException {
        LocalDate end = month.plusMonths(1);
        select.setString(first, account);
        select.setObject(first + 1, month);
        select.setObject(first + 2, end);
        select.setObject(first + 3, month);
        select.setObject(first + 4, end);
        return first + PARAMETERS;
    }
}
