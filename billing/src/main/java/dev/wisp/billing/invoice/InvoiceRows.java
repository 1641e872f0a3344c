package dev.wisp.billing.invoice;

import dev.wisp.billing.ledger.Chain;
import dev.wisp.billing.ledger.ChainContent;
import dev.wisp.billing.ledger.ChainKind;
import dev.wisp.billing.ledger.InvoiceDigests;
import dev.wisp.contracts.bus.WireJson;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Statements over invoices, their events and credits; whoever writes holds {@link #lock}. */
final class InvoiceRows {

    private static final String INSERT = """
            INSERT INTO billing.invoice AS r (number, kind, account, month, currency, total, credit_applied, refers_to, issued_at, document)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            RETURNING %s
            """.formatted(InvoiceDigests.invoice("r"));

    private static final String INSERT_EVENT = """
            INSERT INTO billing.invoice_event AS r (number, invoice, state, at, note)
            SELECT coalesce((SELECT max(number) FROM billing.invoice_event), 0) + 1, ?, ?, ?, ?
            ON CONFLICT (invoice) DO NOTHING
            RETURNING number, %s
            """.formatted(InvoiceDigests.event("r"));

    private static final String INSERT_CREDIT = """
            INSERT INTO billing.credit AS r (number, account, currency, amount, granted_at, reason)
            SELECT coalesce((SELECT max(number) FROM billing.credit), 0) + 1, ?, ?, ?, ?, ?
            RETURNING number, %s
            """.formatted(InvoiceDigests.credit("r"));

    /** What an account's invoices took of its credits, with two parameters: the account and the currency. */
    static final String CREDIT_USED = """
            (SELECT coalesce(sum(credit_applied), 0) FROM billing.invoice AS used WHERE account = ? AND currency = ?
              AND NOT EXISTS (SELECT FROM billing.invoice_event WHERE invoice = used.number AND state = 'VOID'))""";

    private static final String CREDIT_LEFT =
            "SELECT (SELECT coalesce(sum(amount), 0) FROM billing.credit WHERE account = ? AND currency = ?) - "
                    + CREDIT_USED;

    private static final String DOCUMENTS = """
            SELECT document, event.state, event.at
            FROM billing.invoice LEFT JOIN billing.invoice_event AS event ON event.invoice = billing.invoice.number
            WHERE (?::bigint IS NULL OR billing.invoice.number = ?) ORDER BY billing.invoice.number
            """;

    private InvoiceRows() {}

    /** One writer at a time: numbers have no gaps and credits are not spent twice. */
    static void lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "LOCK TABLE billing.invoice, billing.invoice_event, billing.credit IN SHARE ROW EXCLUSIVE MODE");
        }
    }

    static long nextNumber(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT coalesce(max(number), 0) + 1 FROM billing.invoice")) {
            row.next();
            return row.getLong(1);
        }
    }

    static void add(Connection connection, InvoiceDocument document) throws SQLException {
        long number = Objects.requireNonNull(document.number());
        Instant at = Objects.requireNonNull(document.issuedAt());
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setLong(1, number);
            insert.setInt(2, document.kind().equals(InvoiceDocument.INVOICE) ? 0 : 1);
            insert.setString(3, document.account());
            insert.setObject(4, document.month());
            insert.setString(5, document.currency());
            insert.setBigDecimal(6, new BigDecimal(document.total()));
            insert.setBigDecimal(7, new BigDecimal(document.creditApplied()));
            insert.setObject(8, document.refersTo());
            insert.setObject(9, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
            insert.setString(10, new String(WireJson.write(document), StandardCharsets.UTF_8));
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                link(connection, ChainKind.INVOICE, number, row.getBytes(1), at);
            }
        }
    }

    /** Returns false when the invoice was paid or void before. */
    static boolean addEvent(Connection connection, long invoice, String state, String note, Instant at)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_EVENT)) {
            insert.setLong(1, invoice);
            insert.setString(2, state);
            insert.setObject(3, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
            insert.setString(4, note);
            return linkNumbered(connection, insert, ChainKind.INVOICE_EVENT, at);
        }
    }

    static void addCredit(
            Connection connection, String account, String currency, BigDecimal amount, String reason, Instant at)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_CREDIT)) {
            insert.setString(1, account);
            insert.setString(2, currency);
            insert.setBigDecimal(3, amount);
            insert.setObject(4, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
            insert.setString(5, reason);
            linkNumbered(connection, insert, ChainKind.CREDIT, at);
        }
    }

    static BigDecimal creditLeft(Connection connection, String account, String currency) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(CREDIT_LEFT)) {
            select.setString(1, account);
            select.setString(2, currency);
            select.setString(3, account);
            select.setString(4, currency);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBigDecimal(1);
            }
        }
    }

    /** All in the order of their numbers, or the one with this number. */
    static List<StoredInvoice> documents(Connection connection, @Nullable Long number) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(DOCUMENTS)) {
            select.setObject(1, number);
            select.setObject(2, number);
            try (ResultSet row = select.executeQuery()) {
                List<StoredInvoice> documents = new ArrayList<>();
                while (row.next()) {
                    documents.add(stored(row));
                }
                return documents;
            }
        }
    }

    private static StoredInvoice stored(ResultSet row) throws SQLException {
        InvoiceDocument document = read(row.getString(1));
        String state = row.getString(2);
        return state == null
                ? StoredInvoice.unsettled(document)
                : new StoredInvoice(
                        document, state, row.getObject(3, OffsetDateTime.class).toInstant());
    }

    static InvoiceDocument read(String json) {
        return WireJson.read(json.getBytes(StandardCharsets.UTF_8), InvoiceDocument.class);
    }

    private static boolean linkNumbered(Connection connection, PreparedStatement insert, ChainKind kind, Instant at)
            throws SQLException {
        try (ResultSet row = insert.executeQuery()) {
            if (!row.next()) {
                return false;
            }
            link(connection, kind, row.getLong(1), row.getBytes(2), at);
            return true;
        }
    }

    private static void link(Connection connection, ChainKind kind, long number, byte[] digest, Instant at)
            throws SQLException {
        Chain.link(connection, List.of(ChainContent.row(kind, number, digest)), at);
    }
}
