package dev.wisp.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.InstanceTimes;
import dev.wisp.billing.Invocations;
import dev.wisp.billing.ledger.AccountMonth;
import dev.wisp.billing.ledger.ChainCut;
import dev.wisp.billing.ledger.Corrections;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.ledger.LedgerDatabase;
import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.billing.ledger.TimeRecords;
import dev.wisp.billing.price.PriceDraft;
import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.price.WaitingPrices;
import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.RatingState;
import dev.wisp.billing.rating.ReRatingPolicy;
import dev.wisp.billing.usage.ServiceName;
import dev.wisp.billing.usage.UsageSums;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.price.PriceBooks;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A price for the memory of instances that wait, and a thousand stretches of two seconds idle and two frozen. */
class IdleTimeIT {

    private static final String TOPIC = "wisp.invocations";
    private static final Instant FIRST = Instant.parse("2027-01-01T00:00:00Z");
    private static final LocalDate NOVEMBER = LocalDate.of(2026, 11, 1);

    private static final SplittableRandom RANDOM = new SplittableRandom(8);
    private static LedgerDatabase database;
    private static Ledger ledger;
    private static LedgerWrites writes;

    private final Invoices invoices = new Invoices(new InvoiceTerms(0));

    @BeforeAll
    static void start() throws Exception {
        database = LedgerDatabase.create();
        ledger = new Ledger(database.dataSource());
        writes = new LedgerWrites(database.dataSource());
        ledger.offsets(TOPIC, Set.of(0));
        writes.run(connection ->
                PriceStore.add(connection, prices("2026-11-10T00:00:00Z", "0"), Instant.parse("2026-11-09T00:00:00Z")));
        append(1, Instant.parse("2026-11-05T00:00:00Z"), 1, 0);
        append(2, Instant.parse("2026-11-15T00:00:00Z"), 1_000, 1);
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    /** 128 MiB for 4 s, a thousand times, are 500 GiB-seconds; before there was a price for it, waiting was free. */
    @Test
    void memoryOfInstancesThatWaitIsALineOfTheInvoiceWhereItHasAPrice() throws SQLException {
        InvoiceDocument draft = writes.run(connection -> invoices.draft(connection, NOVEMBER));

        assertThat(draft.lines())
                .filteredOn(line -> line.meter() == Meter.IDLE_MEMORY_TIME)
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.priceVersion()).isEqualTo(2);
                    assertThat(String.valueOf(line.quantity())).startsWith("500");
                    assertThat(line.exact()).isEqualTo("1500000000/1");
                });
        assertThat(draft.lines()).noneMatch(line -> line.meter() == Meter.IDLE_VCPU_TIME);
    }

    /** What its calls cost and what its instances' waiting costs are what a service costs; the latter is the line of the invoice. */
    @Test
    void whatAServiceCostsHasTheWaitingOfItsInstances() throws SQLException {
        Instant from = Instant.parse("2026-11-01T00:00:00Z");
        Map<ServiceName, BigInteger> waiting =
                writes.run(connection -> WaitingCosts.picos(connection, from, from.plus(30, ChronoUnit.DAYS)));
        ServiceName hello = new ServiceName("default", "hello");
        CurrentBill.Used used = new CurrentBill.Used(Map.of(hello, UsageSums.NONE), waiting);

        assertThat(waiting).containsExactly(Map.entry(hello, BigInteger.valueOf(1_500_000_000)));
        assertThat(used.services()).singleElement().satisfies(service -> {
            assertThat(service.waitingCost()).isEqualTo("0.0015");
            assertThat(service.costWithWaitingPicos()).isEqualTo("1500000000");
        });
    }

    /** Nobody called under the earlier version, so that its only rows are those of instances. */
    @Test
    void aMonthsFeeIsThatOfItsLastPricesAlsoWhenInstancesOnlyWaitedUnderTheFirst() throws SQLException {
        writes.run(connection ->
                PriceStore.add(connection, prices("2026-12-10T00:00:00Z", "7"), Instant.parse("2026-11-09T00:00:00Z")));
        append(2, Instant.parse("2026-12-05T00:00:00Z"), 1, 2);
        InvocationRecord call = Invocations.success(Instant.parse("2026-12-15T00:00:00Z"), "hello", RANDOM);
        RatedRecord rated = new RatedRecord(Invocations.overcharged(call, 3, 1), RatingState.CONFIRMED);
        ledger.append(
                new LedgerBatch(TOPIC, Map.of(0, 3L), Map.of(0, 4L), List.of(rated), TimeRecords.NONE, List.of()));

        InvoiceDocument draft = writes.run(connection -> invoices.draft(connection, LocalDate.of(2026, 12, 1)));

        assertThat(draft.snapshots().getFirst().usage())
                .extracting(InvoiceDocument.Usage::priceVersion)
                .containsExactly(2, 3);
        assertThat(draft.lines())
                .filteredOn(line -> line.category() == InvoiceDocument.Category.FEE)
                .singleElement()
                .satisfies(line -> assertThat(line.amount()).isEqualTo("7.00"));
    }

    /**
     * Two versions of prices with a fee, a free part, steps, a discount and time without calls, tax, a call that was taken back, and records that
     * come twice: what is kept as sums of days gives the document that every record gives.
     */
    @Test
    void theBillFromSumsIsTheInvoiceFromRecords() throws SQLException {
        LocalDate january = LocalDate.of(2027, 1, 1);
        List<RatedRecord> calls = fillJanuary();
        writes.run(connection -> Corrections.file(
                connection,
                calls.getLast().record().invocationId(),
                "by mistake",
                Instant.parse("2027-01-26T00:00:00Z")));
        Invoices taxed = new Invoices(new InvoiceTerms(1_900));

        InvoiceDocument draft = writes.run(connection -> taxed.draft(connection, january));
        InvoiceDocument fromRecords = writes.run(connection -> {
            Map<Integer, PriceTerms> terms = PriceStore.periodTerms(connection);
            AccountMonth everything = new AccountMonth(Invoices.ACCOUNT, january, ChainCut.NONE);
            return taxed.of(
                    connection,
                    new Invoices.Basis(january, terms, ChainCut.NONE, Invoices.documents(connection)),
                    MonthUsage.ofRecords(connection, everything, terms));
        });
        CurrentBill bill = CurrentBill.of(
                FIRST, FIRST.plus(31, ChronoUnit.DAYS), "USD", new CurrentBill.Used(Map.of(), Map.of()), draft);

        ProjectedBill projected = writes.run(
                connection -> BillResource.projected(connection, taxed, Instant.parse("2027-01-27T00:00:00Z")));

        assertThat(draft).isEqualTo(fromRecords);
        assertThat(projected.soFar()).isEqualTo(fromRecords.total());
        assertThat(new BigDecimal(projected.runRate())).isGreaterThan(new BigDecimal(fromRecords.total()));
        assertThat(bill.total()).isEqualTo(fromRecords.total());
        assertThat(new BigDecimal(bill.total()))
                .isEqualByComparingTo(bill.lines().stream()
                        .map(line -> new BigDecimal(line.amount()))
                        .reduce(BigDecimal.ZERO, BigDecimal::add));
        assertThat(draft.lines())
                .extracting(InvoiceDocument.Line::category)
                .contains(
                        InvoiceDocument.Category.USAGE,
                        InvoiceDocument.Category.FEE,
                        InvoiceDocument.Category.CORRECTION,
                        InvoiceDocument.Category.TAX);
        assertThat(draft.lines())
                .filteredOn(line -> line.meter() == Meter.REQUESTS)
                .flatExtracting(InvoiceDocument.Line::parts)
                .extracting(InvoiceDocument.Part::unitPrice)
                .contains("0.00", "0.02", "0.01");
        assertThat(draft.lines())
                .filteredOn(line -> line.meter() == Meter.IDLE_VCPU_TIME)
                .hasSize(2);
        assertThat(draft.lines())
                .filteredOn(line -> line.category() == InvoiceDocument.Category.USAGE)
                .allSatisfy(line -> assertThat(line.records())
                        .contains("priceVersion=" + line.priceVersion(), "meter=" + line.meter()));
        assertThat(draft.lines())
                .filteredOn(line -> line.category() != InvoiceDocument.Category.USAGE)
                .allSatisfy(line -> assertThat(line.records()).isNull());
    }

    /** Four hundred calls and forty stretches of waiting; a hundred of the calls and all of the stretches come again. */
    private static List<RatedRecord> fillJanuary() throws SQLException {
        ledger.offsets("twice", Set.of(0));
        writes.run(
                connection -> PriceStore.add(connection, rich("2027-01-01T00:00:00Z", "2"), FIRST.minusSeconds(600)));
        writes.run(
                connection -> PriceStore.add(connection, rich("2027-01-15T00:00:00Z", "3"), FIRST.minusSeconds(600)));
        PriceBooks books = ledger.priceBooks();
        List<RatedRecord> calls = new ArrayList<>();
        List<TimeRecords.Priced> times = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            InvocationRecord call = Invocations.any(FIRST.plus(i * 90L, ChronoUnit.MINUTES), "hello", RANDOM);
            calls.add(ReRatingPolicy.rate(books, call));
            if (i % 10 == 0) {
                times.add(new TimeRecords.Priced(
                        InstanceTimes.any(call, RANDOM),
                        calls.getLast().record().priceVersion()));
            }
        }
        calls.add(ReRatingPolicy.rate(books, Invocations.success(FIRST.plus(25, ChronoUnit.DAYS), "hello", RANDOM)));
        TimeRecords waited = new TimeRecords(times, List.of());
        ledger.append(
                new LedgerBatch("twice", Map.of(0, 0L), Map.of(0, 300L), calls.subList(0, 300), waited, List.of()));
        ledger.append(
                new LedgerBatch("twice", Map.of(0, 300L), Map.of(0, 501L), calls.subList(200, 401), waited, List.of()));
        return calls;
    }

    private static PriceDraft rich(String from, String fee) {
        return new PriceDraft(
                "USD",
                from,
                "0.02",
                "0.000024",
                "0.0021",
                "0.0000025",
                "0.09",
                1L,
                false,
                fee,
                null,
                Map.of(
                        "REQUESTS",
                        new PriceDraft.MeterDraft(
                                "graduated",
                                "50",
                                "12.5",
                                List.of(
                                        new PriceDraft.TierDraft("80", "0.02"),
                                        new PriceDraft.TierDraft(null, "0.01"))),
                        "IDLE_VCPU_TIME",
                        flat("1.5"),
                        "IDLE_MEMORY_TIME",
                        flat("0.7")));
    }

    private static PriceDraft.MeterDraft flat(String price) {
        return new PriceDraft.MeterDraft("graduated", null, null, List.of(new PriceDraft.TierDraft(null, price)));
    }

    private static PriceDraft prices(String from, String fee) {
        return WaitingPrices.of(from, fee, Map.of("IDLE_MEMORY_TIME", "0.000003"));
    }

    private static void append(int version, Instant at, int count, long from) throws SQLException {
        List<TimeRecords.Priced> times = IntStream.range(0, count)
                .mapToObj(i -> {
                    InvocationRecord call = Invocations.success(at.plusMillis(i), "hello", RANDOM);
                    return new TimeRecords.Priced(
                            InstanceTimes.of(call.invocationId(), call, 1, 2_000_000, 2_000_000, 100), version);
                })
                .toList();
        ledger.append(new LedgerBatch(
                TOPIC, Map.of(0, from), Map.of(0, from + 1), List.of(), new TimeRecords(times, List.of()), List.of()));
    }
}
