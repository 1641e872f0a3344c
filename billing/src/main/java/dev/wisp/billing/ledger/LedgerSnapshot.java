package dev.wisp.billing.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The ledger at one moment, for questions that take more than one statement: what is stored meanwhile is in none of their answers. */
public final class LedgerSnapshot {

    /**
     * What is asked, in a transaction that reads only.
     *
     * @param <E> what it fails with when the store does not
     */
    @FunctionalInterface
    public interface Question<T, E extends Exception> {

        T on(Connection connection) throws SQLException, E;
    }

    private LedgerSnapshot() {}

    public static <T, E extends Exception> T ask(DataSource dataSource, Question<T, E> question)
            throws SQLException, E {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                connection.setReadOnly(true);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                return question.on(connection);
            } finally {
                connection.rollback();
                connection.setReadOnly(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                connection.setAutoCommit(true);
            }
        }
    }
}
