package dev.wisp.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.InstanceTimes;
import dev.wisp.billing.Invocations;
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
import dev.wisp.contracts.invocation.InvocationRecord;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A price for the memory of instances that wait, and a thousand stretches of two seconds idle and two frozen. */
class IdleTimeIT {

    private static final String TOPIC = "wisp.invocations";
    private static final LocalDate NOVEMBER = LocalDate.of(2026, 11, 1);

    @TempDir
    static Path home;

    private static final SplittableRandom RANDOM = new SplittableRandom(8);
    private static LedgerDatabase database;
    private static Ledger ledger;
    private static LedgerWrites writes;

    private final Invoices invoices = new Invoices(new InvoiceTerms(0));

    @BeforeAll
    static void start() throws Exception {
        database = LedgerDatabase.start(home);
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
