package dev.wisp.billing.verify;

import dev.wisp.billing.invoice.InvoiceCheck;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerSnapshot;
import dev.wisp.contracts.price.PriceBooks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One verification: everything is read in one snapshot, so that an ingest that goes on meanwhile does no harm. Days are taken one by one,
 * which bounds what the database sorts.
 */
public final class Verification {

    private final Connection connection;
    private final PriceBooks books;
    private final List<VerificationReport.Check> checks = new ArrayList<>();

    /** A question; what it answers is wrong. */
    @FunctionalInterface
    private interface Question {

        @Nullable
        String ask(@Nullable LocalDate day) throws SQLException;
    }

    private record Step(String name, List<@Nullable LocalDate> days, Question question) {}

    private Verification(Connection connection, PriceBooks books) {
        this.connection = connection;
        this.books = books;
    }

    /** Reads the whole ledger; takes minutes for tens of millions of records. */
    public static VerificationReport run(DataSource dataSource, Instant now) throws SQLException {
        return LedgerSnapshot.ask(dataSource, connection -> inTransaction(connection, now));
    }

    /** As this transaction sees the ledger. */
    public static VerificationReport inTransaction(Connection connection, Instant now) throws SQLException {
        return new Verification(connection, Ledger.priceBooks(connection)).report(now);
    }

    private VerificationReport report(Instant now) throws SQLException {
        for (Step step : steps()) {
            String finding = finding(step);
            if (finding != null) {
                return new VerificationReport(now, false, finding, checks);
            }
        }
        return new VerificationReport(now, true, null, checks);
    }

    private List<Step> steps() throws SQLException {
        List<@Nullable LocalDate> recordDays = days(VerificationSql.RECORD_DAYS);
        return List.of(
                whole("links follow each other", VerificationSql.CHAIN),
                whole("chains end at their heads", VerificationSql.HEADS),
                whole("roots cover the chains", VerificationSql.ROOTS),
                whole("roots are linked", VerificationSql.ROOT_ROWS),
                whole("price books are those that were linked", VerificationSql.PRICE_BOOKS),
                whole("retired days are those that were linked", VerificationSql.RETIRED_DAYS),
                new Step("records are those that were linked", recordDays, day -> ask(VerificationSql.RECORDS, day)),
                new Step("instance time is that which was linked", recordDays, day -> ask(VerificationSql.TIMES, day)),
                new Step("records have the charge that prices give", recordDays, this::rated),
                whole("corrections are those that were linked", VerificationSql.CORRECTIONS),
                whole("corrections take back what was charged", VerificationSql.CORRECTED),
                new Step("sums by minute", days(VerificationSql.USAGE_DAYS), this::minutes),
                new Step("billed sums by day", days(VerificationSql.USAGE_DAYS), this::billed),
                whole("sums by hour", VerificationSql.HOURS),
                whole("sums by day", VerificationSql.DAYS),
                whole("invoices are those that were linked", VerificationSql.INVOICES),
                whole("invoices are numbered without gaps", VerificationSql.INVOICE_GAPS),
                whole("what became of them is what was linked", VerificationSql.INVOICE_EVENTS),
                whole("credits are those that were linked", VerificationSql.CREDITS),
                whole("labels are those that were linked", VerificationSql.LABELS),
                whole("labels count as they were linked", VerificationSql.COUNTED_LABELS),
                whole("what is no money is what was sealed", VerificationSql.SEALS),
                whole("processor time of calls by node", VerificationSql.NODE_CALLS),
                new Step("invoices are what prices and records give", once(), day -> InvoiceCheck.finding(connection)));
    }

    private @Nullable String finding(Step step) throws SQLException {
        long begun = System.nanoTime();
        String finding = null;
        for (LocalDate day : step.days()) {
            finding = finding == null ? step.question().ask(day) : finding;
        }
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        checks.add(new VerificationReport.Check(step.name(), step.days().size(), millis));
        return finding;
    }

    private Step whole(String name, String sql) {
        return new Step(name, once(), day -> ask(sql, null));
    }

    private static List<@Nullable LocalDate> once() {
        List<@Nullable LocalDate> once = new ArrayList<>();
        once.add(null);
        return once;
    }

    private @Nullable String rated(@Nullable LocalDate day) throws SQLException {
        return day == null ? null : RatingCheck.finding(connection, books, day);
    }

    private @Nullable String minutes(@Nullable LocalDate day) throws SQLException {
        boolean sealed = ask(VerificationSql.IS_SEALED, day) != null;
        return ask(sealed ? VerificationSql.SEALED_USAGE : VerificationSql.MINUTES, day);
    }

    private @Nullable String billed(@Nullable LocalDate day) throws SQLException {
        boolean sealed = ask(VerificationSql.IS_SEALED, day) != null;
        return ask(sealed ? VerificationSql.SEALED_BILLED : VerificationSql.BILLED, day);
    }

    /** Every parameter of the statement is the day. */
    private @Nullable String ask(String sql, @Nullable LocalDate day) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 1; i <= select.getParameterMetaData().getParameterCount(); i++) {
                select.setObject(i, day);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private List<@Nullable LocalDate> days(String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            List<@Nullable LocalDate> days = new ArrayList<>();
            while (rows.next()) {
                days.add(rows.getObject(1, LocalDate.class));
            }
            return days;
        }
    }
}
