package dev.wisp.billing.invoice;

import dev.wisp.billing.invoice.InvoiceDocument.Snapshot;
import dev.wisp.billing.ledger.AccountMonth;
import dev.wisp.billing.ledger.ChainCut;
import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.PeriodUsage;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.Quantities;
import dev.wisp.billing.rating.RoundingPolicy;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Drafts invoices from records, issues them, and keeps what became of them; each call is one transaction. */
public final class Invoices {

    /** The account that everything is billed to. */
    public static final String ACCOUNT = "default";

    private final InvoiceConfig config;

    public Invoices(InvoiceConfig config) {
        this.config = config;
    }

    /** As the month stands now, from its sums; refused when nothing was used in it. */
    InvoiceDocument draft(Connection connection, LocalDate month) throws SQLException {
        InvoiceDocument draft = draftOrNull(connection, month);
        if (draft == null) {
            throw nothingUsed(month);
        }
        return draft;
    }

    /** Null when nothing was used. */
    @Nullable
    InvoiceDocument draftOrNull(Connection connection, LocalDate month) throws SQLException {
        return draftOrNull(connection, month, documents(connection));
    }

    private @Nullable InvoiceDocument draftOrNull(Connection connection, LocalDate month, List<StoredInvoice> documents)
            throws SQLException {
        Map<Integer, PriceTerms> terms = PriceStore.periodTerms(connection);
        List<PeriodUsage> usage = MonthUsage.of(connection, ACCOUNT, month, terms);
        return usage.isEmpty() ? null : of(connection, new Basis(month, terms, ChainCut.NONE, documents), usage);
    }

    /**
     * What a month's invoice depends on beside what was used.
     *
     * @param month its first day
     * @param cut of earlier months, where they end
     * @param documents all that were issued
     */
    record Basis(LocalDate month, Map<Integer, PriceTerms> terms, ChainCut cut, List<StoredInvoice> documents) {}

    /** The same for another usage of the month than what is known of it now. */
    InvoiceDocument of(Connection connection, Basis basis, List<PeriodUsage> usage) throws SQLException {
        if (usage.isEmpty()) {
            throw nothingUsed(basis.month());
        }
        String currency = usage.getLast().terms().currency();
        return InvoicePlanner.draft(new InvoiceInputs(
                ACCOUNT,
                basis.month(),
                usage,
                late(connection, basis),
                MonthUsage.correctedPicos(connection, ACCOUNT, basis.month()),
                InvoiceRows.creditLeft(connection, ACCOUNT, currency),
                new InvoiceInputs.Terms(config.issuer(), config.taxName(), config.taxBasisPoints())));
    }

    /**
     * The month's invoice, and while there is none its draft; null when nothing was used.
     *
     * @param documents all that were issued
     */
    public @Nullable StoredInvoice bill(Connection connection, LocalDate month, List<StoredInvoice> documents)
            throws SQLException {
        for (StoredInvoice stored : documents) {
            if (isInvoiceOf(stored, month)) {
                return stored;
            }
        }
        InvoiceDocument draft = draftOrNull(connection, month, documents);
        return draft == null ? null : StoredInvoice.unsettled(draft);
    }

    /** All that were issued, in the order of their numbers. */
    public static List<StoredInvoice> documents(Connection connection) throws SQLException {
        return InvoiceRows.documents(connection, null);
    }

    /** Issues the invoice of a month that is over: from now on it has a number and never changes. */
    public InvoiceDocument issue(Connection connection, LocalDate month, Instant now) throws SQLException {
        if (month.plusMonths(1).isAfter(LocalDate.ofInstant(now, ZoneOffset.UTC))) {
            throw new ProblemException(Problem.of(ErrorCode.CONFLICT, "%s is not over".formatted(month))
                    .withHint("a draft shows how it stands: GET /v1/billing/invoices/draft"));
        }
        InvoiceRows.lock(connection);
        List<StoredInvoice> documents = documents(connection);
        for (StoredInvoice stored : documents) {
            if (isInvoiceOf(stored, month)) {
                throw new ProblemException(Problem.of(
                        ErrorCode.CONFLICT,
                        "%s has invoice %d".formatted(month, stored.document().number())));
            }
        }
        Instant at = now.truncatedTo(ChronoUnit.MILLIS);
        Map<Integer, PriceTerms> terms = PriceStore.periodTerms(connection);
        // First: what is stored while the records are read is after these links, and is left to the next invoice.
        SortedMap<String, Long> links = ChainCut.heads(connection, ACCOUNT, month.plusMonths(1));
        ChainCut cut = ChainCut.after(links);
        List<PeriodUsage> usage = evidence(connection, new AccountMonth(ACCOUNT, month, cut), terms);
        InvoiceDocument issued = of(connection, new Basis(month, terms, cut, documents), usage)
                .issued(InvoiceRows.nextNumber(connection), at, at.plus(config.paymentTerms()), links);
        InvoiceRows.add(connection, issued);
        return issued;
    }

    /** From the records themselves, as long as all of them are there. */
    static List<PeriodUsage> evidence(Connection connection, AccountMonth asked, Map<Integer, PriceTerms> terms)
            throws SQLException {
        return InvoiceCheck.isRetired(connection, asked.month())
                ? MonthUsage.ofSums(connection, asked, terms)
                : MonthUsage.ofRecords(connection, asked, terms);
    }

    /** A credit note over a part of an invoice or all of it, in the same series. */
    public InvoiceDocument creditNote(Connection connection, long number, BigDecimal amount, String reason, Instant now)
            throws SQLException {
        InvoiceRows.lock(connection);
        StoredInvoice stored = one(connection, number);
        InvoiceDocument invoice = stored.document();
        int digits = RoundingPolicy.minorDigits(invoice.currency());
        // Nothing is owed of what is void.
        BigDecimal left = stored.isVoid() ? BigDecimal.ZERO : stored.left(documents(connection));
        if (invoice.isCreditNote()
                || amount.signum() <= 0
                || amount.stripTrailingZeros().scale() > digits
                || amount.compareTo(left) > 0) {
            throw new ProblemException(Problem.of(
                    ErrorCode.INVALID,
                    "amount=%s, must be above 0 with at most %d decimals, and at most what is left of invoice %d: %s"
                            .formatted(amount, digits, number, left)));
        }
        InvoiceDocument note = note(invoice, amount.setScale(digits), reason)
                .issued(
                        InvoiceRows.nextNumber(connection),
                        now.truncatedTo(ChronoUnit.MILLIS),
                        now.truncatedTo(ChronoUnit.MILLIS),
                        null);
        InvoiceRows.add(connection, note);
        return note;
    }

    /** Says that an invoice was paid, or that it is void; a credit note is never void, since what it took off has been told. */
    public void settle(Connection connection, long number, String state, String note, Instant now) throws SQLException {
        InvoiceRows.lock(connection);
        InvoiceDocument document = one(connection, number).document();
        if (document.isCreditNote() && state.equals(StoredInvoice.VOID)) {
            throw new ProblemException(Problem.of(ErrorCode.CONFLICT, "%d is a credit note".formatted(number)));
        }
        if (!InvoiceRows.addEvent(connection, number, state, note, now)) {
            throw new ProblemException(
                    Problem.of(ErrorCode.CONFLICT, "invoice %d was paid or void before".formatted(number)));
        }
    }

    void grant(Connection connection, BigDecimal amount, String currency, String reason, Instant now)
            throws SQLException {
        InvoiceRows.lock(connection);
        InvoiceRows.addCredit(connection, ACCOUNT, currency, amount, reason, now);
    }

    static StoredInvoice one(Connection connection, long number) throws SQLException {
        return InvoiceRows.documents(connection, number).stream()
                .findFirst()
                .orElseThrow(
                        () -> new ProblemException(Problem.of(ErrorCode.NOT_FOUND, "no invoice %d".formatted(number))));
    }

    /** What is answered of a month without a bill. */
    public static ProblemException nothingUsed(LocalDate month) {
        return new ProblemException(Problem.of(ErrorCode.NOT_FOUND, "nothing that is billed was used in " + month));
    }

    /** Earlier months that were invoiced and have more records now; sums of before there were any by day may be those of a part of the records. */
    private static List<InvoiceInputs.Late> late(Connection connection, Basis basis) throws SQLException {
        Map<LocalDate, Snapshot> invoiced = new TreeMap<>();
        for (StoredInvoice stored : basis.documents()) {
            stored.document().snapshots().forEach(snapshot -> invoiced.put(snapshot.month(), snapshot));
        }
        ChainCut cut = basis.cut();
        List<InvoiceInputs.Late> late = new ArrayList<>();
        for (Snapshot snapshot : invoiced.values()) {
            List<PeriodUsage> before = usage(snapshot, basis.terms());
            if (!snapshot.month().isBefore(basis.month())) {
                continue;
            }
            List<PeriodUsage> now = cut.equals(ChainCut.NONE)
                    ? MonthUsage.of(connection, ACCOUNT, snapshot.month(), basis.terms())
                    : MonthUsage.ofSums(connection, new AccountMonth(ACCOUNT, snapshot.month(), cut), basis.terms());
            if (!now.isEmpty() && !now.equals(before) && InvoiceCheck.isAtLeast(now, snapshot)) {
                late.add(new InvoiceInputs.Late(snapshot.month(), now, before));
            }
        }
        return late;
    }

    static List<PeriodUsage> usage(Snapshot snapshot, Map<Integer, PriceTerms> terms) {
        return snapshot.usage().stream()
                .map(usage -> new PeriodUsage(
                        Objects.requireNonNull(terms.get(usage.priceVersion())), quantities(usage.quantities())))
                .toList();
    }

    private static Quantities quantities(Map<Meter, BigInteger> byMeter) {
        return new Quantities(byMeter);
    }

    private static boolean isInvoiceOf(StoredInvoice stored, LocalDate month) {
        return stored.document().month().equals(month) && !stored.document().isCreditNote();
    }

    private static InvoiceDocument note(InvoiceDocument invoice, BigDecimal amount, String reason) {
        String negative = amount.negate().toPlainString();
        String zero = BigDecimal.ZERO.setScale(amount.scale()).toPlainString();
        InvoiceDocument.Line line = new InvoiceDocument.Line(
                "credit-1",
                InvoiceDocument.Category.CREDIT,
                null,
                null,
                reason,
                null,
                null,
                List.of(),
                amount.negate().movePointRight(12).toBigIntegerExact() + "/1",
                negative,
                null,
                null);
        return new InvoiceDocument(
                null,
                InvoiceDocument.CREDIT_NOTE,
                invoice.number(),
                invoice.issuer(),
                invoice.account(),
                invoice.month(),
                null,
                null,
                invoice.currency(),
                List.of(line),
                negative,
                zero,
                zero,
                negative,
                List.of(),
                null);
    }
}
