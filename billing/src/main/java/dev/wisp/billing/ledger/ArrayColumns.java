package dev.wisp.billing.ledger;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.Function;

/** Rows as a statement takes them that reads {@code unnest}: an array for each column. */
public final class ArrayColumns {

    private ArrayColumns() {}

    /**
     * Sets one column.
     *
     * @param type of the array's elements, as Postgres calls it
     */
    public static <T> void set(
            PreparedStatement statement, int index, String type, Collection<T> rows, Function<T, Object> column)
            throws SQLException {
        Object[] values = rows.stream().map(column).toArray();
        statement.setArray(index, statement.getConnection().createArrayOf(type, values));
    }
}
