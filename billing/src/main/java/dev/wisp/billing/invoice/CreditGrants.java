package dev.wisp.billing.invoice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Credits one by one. Invoices take from all of them together; told apart, what was taken came from the oldest first. */
final class CreditGrants {

    /** The newest of an account; those before are in its ledger. */
    static final int GRANTS_MAX = 1_000;

    private static final String GRANTS = """
            WITH used AS (SELECT %s AS amount)
            SELECT number, credit.amount, reason, granted_at,
              least(credit.amount, greatest(0, sum(credit.amount) OVER (ORDER BY number) - used.amount))
            FROM billing.credit, used WHERE account = ? AND currency = ? ORDER BY number DESC LIMIT %d
            """.formatted(InvoiceRows.CREDIT_USED, GRANTS_MAX);

    /**
     * One credit.
     *
     * @param number in one series over all credits
     * @param amount that was granted, exact, in units of the currency
     * @param left of it when invoices are taken from the oldest credit first; credits do not expire
     */
    public record Grant(long number, String amount, String left, String reason, Instant grantedAt) {}

    private CreditGrants() {}

    /** Newest first. */
    static List<Grant> of(Connection connection, String account, String currency) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(GRANTS)) {
            select.setString(1, account);
            select.setString(2, currency);
            select.setString(3, account);
            select.setString(4, currency);
            try (ResultSet rows = select.executeQuery()) {
                List<Grant> grants = new ArrayList<>();
                while (rows.next()) {
                    grants.add(grant(rows));
                }
                return grants;
            }
        }
    }

    private static Grant grant(ResultSet row) throws SQLException {
        return new Grant(
                row.getLong(1),
                row.getBigDecimal(2).toPlainString(),
                row.getBigDecimal(5).toPlainString(),
                row.getString(3),
                row.getObject(4, OffsetDateTime.class).toInstant());
    }
}
