package dev.wisp.billing.verify;

import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.PriceBooks;
import dev.wisp.contracts.price.Rating;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Rates every record of a day again. */
final class RatingCheck {

    private static final int FETCH = 10_000;

    private RatingCheck() {}

    /** The first record whose charge is not what the prices give, null when there is none. */
    static @Nullable String finding(Connection connection, PriceBooks books, LocalDate day) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(VerificationSql.RATED)) {
            select.setFetchSize(FETCH);
            select.setObject(1, day);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String wrong = finding(row, books);
                    if (wrong != null) {
                        return wrong;
                    }
                }
                return null;
            }
        }
    }

    private static @Nullable String finding(ResultSet row, PriceBooks books) throws SQLException {
        PriceBook book = books.at(row.getObject(2, OffsetDateTime.class).toInstant());
        Outcome outcome = Outcome.ofWireCode(row.getShort(3));
        long billedMillis = Rating.billedMillis(book, outcome, row.getLong(4), row.getLong(5));
        long cost = Rating.costPicos(
                book, outcome, billedMillis, row.getLong(7), row.getInt(12), row.getLong(8), row.getLong(9));
        if (row.getInt(10) == book.version() && row.getLong(6) == billedMillis && row.getLong(11) == cost) {
            return null;
        }
        return "record %s: %d ms and %d picos under prices %d, should be %d ms and %d under %d"
                .formatted(
                        row.getString(1),
                        row.getLong(6),
                        row.getLong(11),
                        row.getInt(10),
                        billedMillis,
                        cost,
                        book.version());
    }
}
