package dev.wisp.billing.invoice;

import dev.wisp.billing.ledger.LedgerDatabase;
import dev.wisp.billing.ledger.LedgerWrites;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;

/** Everything that can become of a month's bill, for tests of what is there in the end. */
public final class IssuedInvoices {

    private IssuedInvoices() {}

    /** Grants a credit, issues the month's invoice, and says that it was paid. */
    public static void bill(LedgerDatabase database, LocalDate month) throws SQLException {
        Invoices invoices = new Invoices(new InvoiceTerms(1_000));
        Instant now = month.plusMonths(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        new LedgerWrites(database.dataSource()).run(connection -> {
            invoices.grant(connection, new BigDecimal("0.01"), "USD", "for the test", now);
            InvoiceDocument issued = invoices.issue(connection, month, now);
            invoices.settle(connection, Objects.requireNonNull(issued.number()), "PAID", "by transfer", now);
            return issued;
        });
    }
}
