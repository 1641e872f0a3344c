package dev.wisp.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.billing.Invocations;
import dev.wisp.billing.invoice.InvoiceDocument.Category;
import dev.wisp.billing.ledger.AccountMonth;
import dev.wisp.billing.ledger.ChainCut;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.ledger.LedgerDatabase;
import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.billing.price.PriceDraft;
import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.ReRatingPolicy;
import dev.wisp.billing.verify.Verification;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.price.PriceBooks;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A year's end: each test goes on where the last one left the ledger. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InvoicesIT {

    private static final String TOPIC = "wisp.invocations";
    private static final LocalDate OCTOBER = LocalDate.of(2026, 10, 1);
    private static final LocalDate NOVEMBER = LocalDate.of(2026, 11, 1);
    private static final Instant DECEMBER = Instant.parse("2026-12-01T08:00:00Z");

    private static final SplittableRandom RANDOM = new SplittableRandom(11);
    private static LedgerDatabase database;
    private static Ledger ledger;
    private static LedgerWrites writes;
    private static final List<InvocationRecord> CALLS = new ArrayList<>();
    private static long nextOffset;

    /** Ten percent of tax, and prices at which a call costs cents, so that rounding shows. */
    private final Invoices invoices = new Invoices(new InvoiceTerms(1_000));

    @BeforeAll
    static void fillTwoMonths() throws Exception {
        database = LedgerDatabase.create();
        ledger = new Ledger(database.dataSource());
        writes = new LedgerWrites(database.dataSource());
        Instant september = Instant.parse("2026-09-01T00:00:00Z");
        writes.run(connection -> PriceStore.add(connection, prices("2026-09-02T00:00:00Z"), september));
        ledger.offsets(TOPIC, Set.of(0));
        append(Instant.parse("2026-10-05T10:00:00Z"), 300);
        append(Instant.parse("2026-11-05T10:00:00Z"), 200);
    }

    @AfterAll
    static void dropLedger() throws Exception {
        database.close();
    }

    @Test
    @Order(1)
    void aMonthThatIsNotOverHasADraftAndNoInvoice() throws SQLException {
        InvoiceDocument draft = writes.run(connection -> invoices.draft(connection, NOVEMBER));

        assertThat(draft.number()).isNull();
        assertThat(new BigDecimal(draft.total())).isPositive();
        assertThatThrownBy(() -> writes.run(
                        connection -> invoices.issue(connection, NOVEMBER, Instant.parse("2026-11-30T23:59:59Z"))))
                .hasMessageContaining("2026-11-01 is not over");
    }

    @Test
    @Order(2)
    void anInvoiceIsIssuedOnceAndItsTotalIsTheSumOfItsLines() throws SQLException {
        InvoiceDocument draft = writes.run(connection -> invoices.draft(connection, OCTOBER));

        InvoiceDocument invoice = writes.run(connection -> invoices.issue(connection, OCTOBER, DECEMBER));

        assertThat(invoice.number()).isEqualTo(1);
        assertThat(invoice.lines())
                .as("the draft is from sums, the invoice from records")
                .usingRecursiveComparison()
                .ignoringFields("records")
                .isEqualTo(draft.lines());
        assertThat(invoice.lines())
                .filteredOn(line -> line.category() == Category.USAGE)
                .allSatisfy(line -> assertThat(line.records()).endsWith("&invoice=1"));
        assertThat(invoice.links()).containsOnlyKeys("default");
        assertThat(sum(invoice)).isEqualByComparingTo(invoice.total());
        BigDecimal subtotal = new BigDecimal(invoice.subtotal());
        assertThat(new BigDecimal(invoice.tax()))
                .isEqualByComparingTo(subtotal.movePointLeft(1).setScale(2, java.math.RoundingMode.HALF_EVEN));
        assertThat(invoice.lines())
                .filteredOn(line -> line.category() == Category.USAGE)
                .hasSizeGreaterThan(1);
        assertThat(invoice.lines())
                .filteredOn(line -> line.meter() == Meter.VCPU_TIME)
                .singleElement()
                .satisfies(line -> assertThat(String.valueOf(line.quantity())).isEqualTo(vcpuSeconds(OCTOBER)));
        assertThat(invoice.dueAt()).isEqualTo(DECEMBER.plus(Duration.ofDays(14)));
        assertThatThrownBy(() -> writes.run(connection -> invoices.issue(connection, OCTOBER, DECEMBER)))
                .hasMessageContaining("has invoice 1");
        assertThat(writes.run(connection -> Invoices.one(connection, 1)).document())
                .isEqualTo(invoice);
    }

    @Test
    @Order(3)
    void recordsThatCameLateAreACorrectionOfTheNextInvoiceAndTheFirstStays() throws SQLException {
        InvoiceDocument october =
                writes.run(connection -> Invoices.one(connection, 1)).document();
        append(Instant.parse("2026-10-31T23:59:00Z"), 20);
        writes.run(connection -> {
            invoices.grant(connection, new BigDecimal("0.40"), "USD", "for the trouble", DECEMBER);
            invoices.grant(connection, new BigDecimal("0.60"), "USD", "for more of it", DECEMBER.plusSeconds(1));
            return true;
        });

        InvoiceDocument november = writes.run(connection -> invoices.issue(connection, NOVEMBER, DECEMBER));

        assertThat(november.number()).isEqualTo(2);
        assertThat(november.creditApplied()).isEqualTo("1.00");
        assertThat(sum(november)).isEqualByComparingTo(november.total());
        assertThat(november.lines())
                .filteredOn(line -> line.category() == Category.CORRECTION)
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.description()).isEqualTo("Records of 2026-10 that came after its invoice");
                    assertThat(line.corrects()).isEqualTo(OCTOBER);
                    assertThat(line.records())
                            .isEqualTo("/v1/billing/records?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z"
                                    + "&meter=REQUESTS&invoice=2");
                    assertThat(new BigDecimal(line.amount())).isPositive();
                });
        assertThat(writes.run(connection -> Invoices.one(connection, 1)).document())
                .isEqualTo(october);
        BigDecimal left = writes.run(connection -> InvoiceRows.creditLeft(connection, "default", "USD"));
        assertThat(left).isEqualByComparingTo("0");
        assertThat(leftOfGrantsAfter("SELECT")).containsExactly("2: 0 of 0.60", "1: 0 of 0.40");
        assertThat(leftOfGrantsAfter("UPDATE billing.invoice SET credit_applied = 0.55 WHERE number = 2"))
                .as("the oldest first")
                .containsExactly("2: 0.45 of 0.60", "1: 0 of 0.40");
        assertThat(leftOfGrantsAfter("INSERT INTO billing.invoice_event VALUES (1, 2, 'VOID', now(), '')"))
                .as("what a void invoice took is there again")
                .containsExactly("2: 0.60 of 0.60", "1: 0.40 of 0.40");
    }

    /** What is billed once is billed by one of them, whatever came when. */
    @Test
    @Order(4)
    void everyRecordIsBilledByOneInvoice() throws SQLException {
        List<InvoiceDocument> documents = writes.run(Invoices::documents).stream()
                .map(StoredInvoice::document)
                .toList();
        long first = billed(OCTOBER, documents.get(0).cut());
        long second = billed(OCTOBER, documents.get(1).cut());
        long november = billed(NOVEMBER, documents.get(1).cut());

        assertThat(first).isEqualTo(calls(0, 300));
        assertThat(second - first).isEqualTo(calls(500, 520));
        assertThat(november).isEqualTo(calls(300, 500));
    }

    @Test
    @Order(5)
    void aCreditNoteIsInTheSameSeriesAndAtMostTheInvoice() throws SQLException {
        InvoiceDocument note =
                writes.run(connection -> invoices.creditNote(connection, 1, new BigDecimal("0.5"), "=1+1", DECEMBER));

        assertThat(note.number()).isEqualTo(3);
        assertThat(note.total()).isEqualTo("-0.50");
        assertThat(InvoiceCsv.of(note)).contains(",\"'=1+1\",").endsWith(",-0.50,USD\r\n");
        assertThatThrownBy(() -> writes.run(
                        connection -> invoices.creditNote(connection, 1, new BigDecimal("1000"), "too much", DECEMBER)))
                .hasMessageContaining("at most what is left of invoice 1");
    }

    @Test
    @Order(6)
    void anInvoiceIsPaidOrVoidOnce() throws SQLException {
        writes.run(connection -> {
            invoices.settle(connection, 1, "PAID", "by transfer", DECEMBER);
            return true;
        });

        assertThat(writes.run(connection -> Invoices.one(connection, 1)).state())
                .isEqualTo("PAID");
        assertThatThrownBy(() -> writes.run(connection -> {
                    invoices.settle(connection, 1, "VOID", "", DECEMBER);
                    return true;
                }))
                .hasMessageContaining("was paid or void before");
    }

    @Test
    @Order(7)
    void verificationMakesEveryInvoiceAgain() throws SQLException {
        assertThat(Verification.run(database.dataSource(), DECEMBER).finding()).isNull();
        assertThat(findingAfter("DELETE FROM billing.invoice WHERE number = 3")).isEqualTo("invoice 3: it is missing");
        assertThat(findingAfter(
                        "UPDATE billing.invoice SET document = replace(document, '1.00', '9.00') WHERE number = 2"))
                .isEqualTo("invoice 2: it was changed");
        assertThat(findingAfter("UPDATE billing.invoice_event SET state = 'VOID'"))
                .isEqualTo("invoice event 1: it was changed");
        assertThat(findingAfter("UPDATE billing.credit SET amount = 2")).isEqualTo("credit 1: it was changed");
    }

    /** With links made anew over what was changed, an invoice still says what it was made of. */
    @Test
    @Order(8)
    void anInvoiceSaysNeitherMoreNorLessThanItsRecords() throws SQLException {
        String one =
                " WHERE invocation_id = (SELECT invocation_id FROM billing.invocation WHERE outcome = 0 AND bytes_out"
                        + " > 0 AND received_at < '2026-10-06' ORDER BY invocation_id LIMIT 1)";

        assertThat(invoiceFindingAfter("UPDATE billing.invocation SET bytes_out = bytes_out + 1" + one))
                .matches("invoice 1: it says \\d+ of EGRESS in 2026-10-01 under prices 2, the records \\d+");
        assertThat(invoiceFindingAfter("DELETE FROM billing.invocation" + one))
                .matches("invoice 1: it says \\d+ of REQUESTS in 2026-10-01 under prices 2, the records \\d+");
    }

    /** The sums of days stay, so that what was invoiced is still known to be what was used. */
    @Test
    @Order(9)
    void recordsThatWereDroppedAreNoCorrectionOfTheNextInvoice() throws SQLException {
        append(Instant.parse("2026-12-05T10:00:00Z"), 10);
        assertThat(ledger.retire(LocalDate.of(2026, 10, 20), DECEMBER)).hasSize(1);

        InvoiceDocument december = writes.run(connection -> invoices.draft(connection, LocalDate.of(2026, 12, 1)));

        assertThat(december.lines()).noneMatch(line -> line.category() == Category.CORRECTION);
        assertThat(Verification.run(database.dataSource(), DECEMBER).finding()).isNull();
    }

    /** What came late cannot be told from the rest of a day's sum any more: of the first invoice it may be less, of the last one it is all. */
    @Test
    @Order(10)
    void anInvoiceIsRightWhenRecordsThatCameAfterItAreDropped() throws SQLException {
        assertThat(ledger.retire(LocalDate.of(2026, 11, 1), DECEMBER)).hasSize(1);

        assertThat(Verification.run(database.dataSource(), DECEMBER).finding()).isNull();
        assertThat(invoiceFindingAfter(
                        "UPDATE billing.billed_day SET requests = requests - 1 WHERE day = '2026-10-05'"))
                .matches("invoice 2: it says \\d+ of REQUESTS in 2026-10-01 under prices 2, the records \\d+");
    }

    private static List<String> leftOfGrantsAfter(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            List<String> left = CreditGrants.of(connection, "default", "USD").stream()
                    .map(grant -> "%d: %s of %s".formatted(grant.number(), grant.left(), grant.amount()))
                    .toList();
            connection.rollback();
            return left;
        }
    }

    private static long calls(int from, int to) {
        return CALLS.subList(from, to).stream()
                .filter(call -> call.outcome().isBilled())
                .count();
    }

    private static long billed(LocalDate month, ChainCut cut) throws SQLException {
        return writes
                .run(connection -> MonthUsage.ofRecords(
                        connection, new AccountMonth("default", month, cut), PriceStore.periodTerms(connection)))
                .stream()
                .mapToLong(usage -> usage.quantities().of(Meter.REQUESTS).longValueExact())
                .sum();
    }

    private static String invoiceFindingAfter(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            String finding = InvoiceCheck.finding(connection);
            connection.rollback();
            return String.valueOf(finding);
        }
    }

    private static String findingAfter(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            String finding = Verification.inTransaction(connection, DECEMBER).finding();
            connection.rollback();
            return String.valueOf(finding);
        }
    }

    /** A call costs cents, so that rounding shows; a hundred of each month are free. */
    private static PriceDraft prices(String effectiveFrom) {
        PriceDraft.MeterDraft requests = new PriceDraft.MeterDraft(
                "graduated",
                "100",
                "12.5",
                List.of(new PriceDraft.TierDraft("50", "0.012345678901"), new PriceDraft.TierDraft(null, "0.0101")));
        return new PriceDraft(
                "USD",
                effectiveFrom,
                "0.012345678901",
                "0.000024",
                "0.0021",
                "0.0000025",
                "0.09",
                1L,
                false,
                "0.50",
                null,
                Map.of("REQUESTS", requests));
    }

    /** Of processors held in the month by calls that are billed. */
    private static String vcpuSeconds(LocalDate month) {
        long from = month.atStartOfDay().toEpochSecond(ZoneOffset.UTC) * 1_000_000;
        long to = month.plusMonths(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC) * 1_000_000;
        long millicoreMillis = CALLS.stream()
                .filter(call -> call.outcome().isBilled())
                .filter(call -> call.receivedAtMicros() >= from && call.receivedAtMicros() < to)
                .mapToLong(call -> call.cpuMillicores() * call.billedMillis())
                .sum();
        return BigDecimal.valueOf(millicoreMillis, 6).stripTrailingZeros().toPlainString();
    }

    private static BigDecimal sum(InvoiceDocument document) {
        return document.lines().stream()
                .map(line -> new BigDecimal(line.amount()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static void append(Instant from, int count) throws SQLException {
        PriceBooks books = ledger.priceBooks();
        List<RatedRecord> rated = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            InvocationRecord record = Invocations.any(from.plusMillis(i), "hello", RANDOM);
            CALLS.add(record);
            rated.add(ReRatingPolicy.rate(books, record));
        }
        long offset = nextOffset;
        nextOffset += count;
        ledger.append(new LedgerBatch(TOPIC, Map.of(0, offset), Map.of(0, nextOffset), rated, List.of()));
    }
}
