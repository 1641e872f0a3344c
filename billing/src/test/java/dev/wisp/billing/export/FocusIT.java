package dev.wisp.billing.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.billing.Invocations;
import dev.wisp.billing.invoice.BillingMonth;
import dev.wisp.billing.invoice.InvoiceConfig;
import dev.wisp.billing.invoice.InvoiceDocument;
import dev.wisp.billing.invoice.InvoiceTerms;
import dev.wisp.billing.invoice.Invoices;
import dev.wisp.billing.invoice.StoredInvoice;
import dev.wisp.billing.ledger.AccountMonth;
import dev.wisp.billing.ledger.ChainCut;
import dev.wisp.billing.ledger.Corrections;
import dev.wisp.billing.ledger.DayRoots;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.ledger.LedgerDatabase;
import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.billing.ledger.TimeRecords;
import dev.wisp.billing.price.PriceDraft;
import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.price.WaitingPrices;
import dev.wisp.billing.rating.Meter;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.RatingState;
import dev.wisp.billing.usage.LedgerJobs;
import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InstanceTimeBuilder;
import dev.wisp.contracts.revision.RevisionId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Calls and waiting instances of several revisions and hours, as Postgres sums them, beside sums made here one by one. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FocusIT {

    private static final String TOPIC = "wisp.invocations";
    private static final LocalDate NOVEMBER = LocalDate.of(2026, 11, 1);
    private static final Instant FIRST = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant DECEMBER = Instant.parse("2026-12-01T08:00:00Z");
    private static final Instant JANUARY = Instant.parse("2027-01-01T08:00:00Z");
    private static final int STRETCHES = 600;
    private static final int PRICES = 2;

    private static final SplittableRandom RANDOM = new SplittableRandom(11);
    private static final List<InstanceTime> TIMES = new ArrayList<>();
    private static final List<RatedRecord> CALLS = new ArrayList<>();
    private static LedgerDatabase database;
    private static Ledger ledger;
    private static LedgerWrites writes;
    private static long nextOffset;

    @BeforeAll
    static void start() throws Exception {
        database = LedgerDatabase.create();
        writes = new LedgerWrites(database.dataSource());
        ledger = new Ledger(database.dataSource());
        ledger.offsets(TOPIC, Set.of(0));
        writes.run(connection -> PriceStore.add(connection, prices(), Instant.parse("2026-11-09T00:00:00Z")));
        for (int i = 0; i < STRETCHES; i++) {
            TIMES.add(time(RANDOM.nextInt(3), FIRST.plusSeconds(RANDOM.nextLong(4 * 3_600))));
        }
        for (int i = 0; i < STRETCHES; i++) {
            CALLS.add(call(FIRST.plusSeconds(RANDOM.nextLong(4 * 3_600)), i % 3));
        }
        database.execute("INSERT INTO billing.revision_label VALUES ('default', 'shop-1-00001', 'team', 'web'),"
                + " ('default', 'shop-1-00001', 'env', 'prod'), ('other', 'shop-2-00001', 'team', 'theirs')");
        append(CALLS, TIMES);
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    @Test
    @Order(1)
    void waitingInstancesAreRowsByRevisionHourAndState() throws SQLException {
        Map<String, BigDecimal> coreMillis = new TreeMap<>();
        Map<String, BigDecimal> byteMillis = new TreeMap<>();
        for (InstanceTime time : TIMES) {
            String key =
                    "%s %s ".formatted(hour(time.atMicros()), time.revision().name());
            String idle = key + (time.reserved() ? "MinScale" : "Idle");
            add(coreMillis, idle, time.cpuMillicores(), time.idleMicros());
            add(byteMillis, idle, time.memoryBytes(), time.idleMicros());
            add(byteMillis, key + "Frozen", time.memoryBytes(), time.frozenMicros());
        }

        List<HourUsage> usage =
                usage().stream().filter(row -> row.state() != null).toList();

        assertThat(usage).hasSameSizeAs(byteMillis.keySet());
        assertThat(usage).allSatisfy(row -> {
            String key = "%s %s %s".formatted(row.hour(), row.revision(), row.state());
            assertNear(row.of(Meter.IDLE_MEMORY_TIME), byteMillis.getOrDefault(key, BigDecimal.ZERO));
            assertNear(row.of(Meter.IDLE_VCPU_TIME), coreMillis.getOrDefault(key, BigDecimal.ZERO));
        });
        assertSum(usage, Meter.IDLE_MEMORY_TIME, byteMillis);
        assertSum(usage, Meter.IDLE_VCPU_TIME, coreMillis);
    }

    @Test
    @Order(2)
    void rowsAddUpToTheInvoice() throws SQLException {
        Invoices invoices = new Invoices(new InvoiceTerms(0));
        InvoiceDocument draft = bill(invoices, NOVEMBER);

        List<Map<String, Object>> rows = costAndUsage(invoices, NOVEMBER);

        BigDecimal billed =
                rows.stream().map(row -> (BigDecimal) row.get("BilledCost")).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal lines = draft.lines().stream()
                .map(line -> new BigDecimal(line.amount()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(billed).isPositive().isEqualByComparingTo(lines);
        BigDecimal held = rows.stream()
                .filter(row -> "vcpu_time".equals(row.get("SkuId")))
                .map(row -> (BigDecimal) row.get("ConsumedQuantity"))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        long millicoreMillis = CALLS.stream()
                .mapToLong(call -> call.record().cpuMillicores() * call.record().billedMillis())
                .sum();
        assertThat(held).isPositive().isEqualByComparingTo(BigDecimal.valueOf(millicoreMillis, 6));
        assertThat(rows)
                .extracting(row -> row.get("x_InstanceState"))
                .contains("Idle", "MinScale", "Frozen")
                .containsNull();
        List<Map<String, Object>> requests =
                rows.stream().filter(row -> "requests".equals(row.get("SkuId"))).toList();
        assertThat(sum(requests, "x_InvocationCount")).isEqualByComparingTo(BigDecimal.valueOf(CALLS.size()));
        assertThat(sum(requests, "x_ColdStartCount"))
                .isPositive()
                .isEqualByComparingTo(BigDecimal.valueOf(
                        CALLS.stream().filter(call -> call.record().coldStart()).count()));
        assertThat(rows).noneMatch(row -> row.containsKey("x_LedgerRoot"));
    }

    @Test
    @Order(3)
    void rowsOfARevisionHaveItsLabels() throws SQLException {
        List<HourUsage> usage = usage();

        assertThat(usage)
                .filteredOn(row -> row.service().equals("shop-1"))
                .extracting(HourUsage::tags)
                .isNotEmpty()
                .containsOnly("{\"env\": \"prod\", \"team\": \"web\"}");
        assertThat(usage)
                .filteredOn(row -> !row.service().equals("shop-1"))
                .isNotEmpty()
                .allMatch(row -> row.tags() == null);
    }

    /** It was issued with the records that there were; what comes later is a correction of the next. */
    @Test
    @Order(4)
    void rowsOfAnInvoiceStayWhenRecordsComeLate() throws SQLException {
        Invoices invoices = new Invoices(new InvoiceTerms(1_900));
        writes.run(connection -> DayRoots.seal(connection, LocalDate.of(2026, 11, 30), DECEMBER.minusSeconds(60)));
        writes.run(connection -> invoices.issue(connection, NOVEMBER, DECEMBER));
        List<Map<String, Object>> before = costAndUsage(invoices, NOVEMBER);
        writes.run(connection -> DayRoots.seal(connection, LocalDate.of(2026, 12, 1), DECEMBER.plusSeconds(86_400)));
        append(
                List.of(call(FIRST, 0), call(FIRST.plusSeconds(7_200), 1), call(DECEMBER, 2)),
                List.of(time(0, FIRST), time(2, FIRST.plusSeconds(3_600))));

        List<Map<String, Object>> after = costAndUsage(invoices, NOVEMBER);
        InvoiceDocument december =
                writes.run(connection -> invoices.issue(connection, LocalDate.of(2026, 12, 1), JANUARY));
        List<Map<String, Object>> next = costAndUsage(invoices, december.month());

        assertThat(after).isEqualTo(before);
        assertThat(before)
                .extracting(row -> row.get("x_LedgerRoot"))
                .doesNotContainNull()
                .doesNotContain(next.getFirst().get("x_LedgerRoot"));
        assertThat(next).extracting(row -> row.get("x_LedgerRoot")).doesNotContainNull();
        assertThat(next)
                .filteredOn(row -> "Correction".equals(row.get("ChargeClass")))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("ChargePeriodStart", Instant.parse("2026-11-01T00:00:00Z"))
                        .containsEntry("ChargePeriodEnd", Instant.parse("2026-12-01T00:00:00Z"))
                        .containsEntry("BillingPeriodStart", Instant.parse("2026-12-01T00:00:00Z")));
        assertThat(sum(next, "BilledCost")).isEqualByComparingTo(december.total());
        assertThat(next)
                .filteredOn(row -> "requests".equals(row.get("SkuId")))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("ResourceId", "default/shop-2"));
    }

    /** Half of a month is dropped before it is invoiced, and all of an invoiced one: rows still add up, and name whom they can. */
    @Test
    @Order(5)
    void rowsAddUpWhereRetentionDroppedRecords() throws SQLException {
        Invoices invoices = new Invoices(new InvoiceTerms(1_900));
        LocalDate january = LocalDate.of(2027, 1, 1);
        Instant kept = JANUARY.plus(20, ChronoUnit.DAYS);
        append(List.of(call(JANUARY, 0), call(kept, 1), call(kept, 2)), List.of(time(0, JANUARY), time(2, kept)));
        ledger.retire(LocalDate.of(2027, 1, 10), kept);

        List<Map<String, Object>> draft = costAndUsage(invoices, january);
        InvoiceDocument invoice =
                writes.run(connection -> invoices.issue(connection, january, JANUARY.plus(31, ChronoUnit.DAYS)));
        List<Map<String, Object>> rows = costAndUsage(invoices, january);
        InvoiceDocument november = bill(invoices, NOVEMBER);

        assertThat(sum(draft, "BilledCost")).isEqualByComparingTo(invoice.total());
        assertThat(sum(rows, "BilledCost")).isEqualByComparingTo(invoice.total());
        assertThat(sum(costAndUsage(invoices, NOVEMBER), "BilledCost")).isEqualByComparingTo(november.total());
        List<Map<String, Object>> requests =
                rows.stream().filter(row -> "requests".equals(row.get("SkuId"))).toList();
        assertThat(sum(requests, "ConsumedQuantity")).isEqualByComparingTo("3");
        assertThat(requests)
                .extracting(row -> row.get("ResourceId"))
                .containsExactlyInAnyOrder("default/shop-1", "default/shop-2", null);
    }

    /** A credit note and a void invoice are told in the month in which they come, and all months add up to what is to be paid. */
    @Test
    @Order(6)
    void allPeriodsAddUpToWhatIsOwed() throws SQLException {
        Invoices invoices = new Invoices(new InvoiceTerms(1_900));
        LocalDate january = LocalDate.of(2027, 1, 1);
        Instant february = JANUARY.plus(40, ChronoUnit.DAYS);
        List<Map<String, Object>> november = costAndUsage(invoices, NOVEMBER);
        BigDecimal owed = new BigDecimal(bill(invoices, january).total())
                .add(new BigDecimal(bill(invoices, NOVEMBER.plusMonths(1)).total()));

        writes.run(connection -> invoices.creditNote(connection, 1, new BigDecimal("0.01"), "too slow", february));
        writes.run(connection -> {
            invoices.settle(connection, 1, StoredInvoice.VOID, "not ours", february.plus(1, ChronoUnit.DAYS));
            return true;
        });

        assertThat(costAndUsage(invoices, NOVEMBER)).isEqualTo(november);
        BigDecimal billed = BigDecimal.ZERO;
        for (int month = 0; month < 4; month++) {
            billed = billed.add(sum(costAndUsage(invoices, NOVEMBER.plusMonths(month)), "BilledCost"));
        }
        assertThat(billed).isEqualByComparingTo(owed);
        assertThat(costAndUsage(invoices, NOVEMBER.plusMonths(3)))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("ChargeClass", "Correction")
                        .containsEntry("ChargePeriodStart", Instant.parse("2026-11-01T00:00:00Z")));
        assertThatThrownBy(() -> costAndUsage(invoices, NOVEMBER.plusMonths(4)))
                .hasMessageContaining("nothing that is billed was used in 2027-03-01");
        assertThatThrownBy(() -> writes.run(
                        connection -> invoices.creditNote(connection, 1, new BigDecimal("0.01"), "again", february)))
                .hasMessageContaining("at most what is left of invoice 1: 0");
        assertThatThrownBy(() -> writes.run(connection -> {
                    invoices.settle(connection, 4, StoredInvoice.VOID, "", february);
                    return true;
                }))
                .hasMessageContaining("4 is a credit note");
    }

    /** The bill and who used what it is for are of one moment: else there are records that it does not count. */
    @Test
    @Order(7)
    void aDraftNamesWhomItIsForWhileCallsAreStored() throws Exception {
        Instant april = Instant.parse("2027-04-05T10:00:00Z");
        append(List.of(call(april, 0), call(april, 1)), List.of());
        AtomicInteger stored = new AtomicInteger();
        InvoiceConfig terms = new BusyTerms(() -> {
            append(List.of(call(april, 2)), List.of());
            stored.incrementAndGet();
        });

        String csv = new FocusResource(new LedgerJobs(database.dataSource()), terms)
                .csv("cost-and-usage", "2027-04")
                .await()
                .atMost(Duration.ofSeconds(20));

        assertThat(stored).as("between what was used and who used it").hasPositiveValue();
        assertThat(csv).contains("default/shop-0", "default/shop-1").doesNotContain("no longer kept");
    }

    /** Of the month that is billed and of the one before. */
    @Test
    @Order(8)
    void callsThatWereTakenBackAreOfTheMonthInWhichTheyWereUsed() throws Exception {
        Instant may = Instant.parse("2027-05-01T00:00:00Z");
        Instant june = Instant.parse("2027-06-01T00:00:00Z");
        RatedRecord old = call(may, 0);
        RatedRecord last = call(june.minusSeconds(1), 1);
        RatedRecord first = call(june, 2);
        append(List.of(old, last, first), List.of());
        writes.run(connection -> {
            for (RatedRecord call : List.of(old, first)) {
                Corrections.file(connection, call.record().invocationId(), "too slow", june.plusSeconds(60));
            }
            return Corrections.file(connection, last.record().invocationId(), "too slow", june.minusSeconds(1));
        });

        assertThat(takenBackIn(may)).isEqualTo(Map.of(BillingMonth.of(may), cost(last)));
        assertThat(takenBackIn(june))
                .isEqualTo(Map.of(BillingMonth.of(may), cost(old), BillingMonth.of(june), cost(first)));
    }

    private static Map<LocalDate, BigInteger> takenBackIn(Instant month) throws SQLException {
        return writes.run(connection -> TakenBack.in(connection, Invoices.ACCOUNT, BillingMonth.of(month)));
    }

    private static BigInteger cost(RatedRecord call) {
        return BigInteger.valueOf(-call.record().costPicos());
    }

    /**
     * Asked for when a bill's usage has been read, and stores a call then.
     *
     * @param call stores it
     */
    private record BusyTerms(Store call) implements InvoiceConfig {

        interface Store {

            void run() throws SQLException;
        }

        @Override
        public String issuer() {
            try {
                call.run();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            return "Wisp";
        }

        @Override
        public String taxName() {
            return "VAT";
        }

        @Override
        public int taxBasisPoints() {
            return 0;
        }

        @Override
        public Duration paymentTerms() {
            return Duration.ofDays(14);
        }
    }

    private static List<Map<String, Object>> costAndUsage(Invoices invoices, LocalDate month) throws SQLException {
        return writes.run(connection -> {
            FocusPeriod period = FocusResource.period(connection, invoices, month, FIRST.plus(10, ChronoUnit.DAYS));
            return period.costAndUsage(FocusResource.usage(connection, period.bill()));
        });
    }

    private static InvoiceDocument bill(Invoices invoices, LocalDate month) throws SQLException {
        return writes.run(connection ->
                        Objects.requireNonNull(invoices.bill(connection, month, Invoices.documents(connection))))
                .document();
    }

    private static BigDecimal sum(List<Map<String, Object>> rows, String column) {
        return rows.stream().map(row -> (BigDecimal) row.get(column)).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static List<HourUsage> usage() throws SQLException {
        return writes.run(connection -> HourUsage.of(connection, new AccountMonth("default", NOVEMBER, ChainCut.NONE)));
    }

    /** A row has what the rounded sum so far rises by: within one of its own. */
    private static void assertNear(BigInteger quantity, BigDecimal exact) {
        assertThat(new BigDecimal(quantity).subtract(exact).abs()).isLessThanOrEqualTo(BigDecimal.ONE);
    }

    private static void assertSum(List<HourUsage> usage, Meter meter, Map<String, BigDecimal> exact) {
        BigInteger sum = usage.stream().map(row -> row.of(meter)).reduce(BigInteger.ZERO, BigInteger::add);
        assertThat(sum)
                .isEqualTo(exact.values().stream()
                        .reduce(BigDecimal.ZERO, BigDecimal::add)
                        .toBigInteger());
    }

    private static void add(Map<String, BigDecimal> sums, String key, long size, long micros) {
        sums.merge(
                key,
                BigDecimal.valueOf(size).multiply(BigDecimal.valueOf(micros)).movePointLeft(3),
                BigDecimal::add);
    }

    private static RatedRecord call(Instant at, int service) {
        return new RatedRecord(
                Invocations.overcharged(Invocations.success(at, "shop-" + service, RANDOM), PRICES, 1)
                        .withColdStart(service == 2),
                RatingState.CONFIRMED);
    }

    private static void append(List<RatedRecord> calls, List<InstanceTime> times) throws SQLException {
        TimeRecords priced = new TimeRecords(
                times.stream().map(time -> new TimeRecords.Priced(time, PRICES)).toList(), List.of());
        long offset = nextOffset++;
        ledger.append(new LedgerBatch(TOPIC, Map.of(0, offset), Map.of(0, nextOffset), calls, priced, List.of()));
    }

    private static Instant hour(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).truncatedTo(ChronoUnit.HOURS);
    }

    private static InstanceTime time(int service, Instant at) {
        String name = "shop-" + service;
        return InstanceTimeBuilder.builder()
                .timeId(Invocations.idAt(at, RANDOM))
                .atMicros(ChronoUnit.MICROS.between(Instant.EPOCH, at))
                .account("default")
                .revision(new RevisionId("default", name + "-00001"))
                .service(name)
                .instanceId("i-" + service)
                .nodeId("node-1")
                .startMicros(1_000)
                .busyMicros(RANDOM.nextLong(60_000_000))
                .idleMicros(RANDOM.nextLong(60_000_000))
                .frozenMicros(RANDOM.nextLong(60_000_000))
                .cpuMicros(0)
                .callCpuMicros(0)
                .reserved(service == 2)
                .cpuMillicores(250)
                .memoryBytes(128L << 20)
                .run(1)
                .period(1)
                .build();
    }

    private static PriceDraft prices() {
        return WaitingPrices.of(
                "2026-11-10T00:00:00Z",
                null,
                Map.of("IDLE_MEMORY_TIME", "0.000003", "IDLE_VCPU_TIME", "0.00001", "VCPU_TIME", "0.012"));
    }
}
