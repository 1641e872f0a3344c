package dev.wisp.billing.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.InstanceTimes;
import dev.wisp.billing.Invocations;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.ledger.LedgerDatabase;
import dev.wisp.billing.ledger.LedgerWrites;
import dev.wisp.billing.ledger.TimeRecords;
import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.price.WaitingPrices;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.RatingState;
import dev.wisp.contracts.budget.BudgetAction;
import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.budget.LeaseAnswer;
import dev.wisp.contracts.budget.LeaseAsk;
import dev.wisp.contracts.budget.LeaseAsk.Closed;
import io.agroal.api.AgroalDataSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases of a cap of 10^9 picos in Postgres. */
class LeaseOfficeIT {

    private static final Instant NOW = Instant.parse("2026-11-15T12:00:00Z");
    private static final long AMOUNT = 1_000_000_000;
    private static final int CONNECTIONS_MAX = 2;
    private static final UUID SCOPE = UUID.randomUUID();

    private static final SplittableRandom RANDOM = new SplittableRandom(3);
    private static LedgerDatabase database;
    private static AgroalDataSource connections;
    private static long nextOffset;

    private LeaseOffice office;
    private long asks;

    @BeforeAll
    static void start() throws Exception {
        database = LedgerDatabase.create();
        connections = database.pool(CONNECTIONS_MAX);
    }

    @AfterAll
    static void stop() throws Exception {
        connections.close();
        database.close();
    }

    @BeforeEach
    void begin() throws Exception {
        database.execute("DELETE FROM billing.budget");
        database.execute("TRUNCATE billing.usage_minute, billing.usage_hour, billing.usage_day");
        office = new LeaseOffice(connections);
        put(BudgetAction.CAP);
    }

    @Test
    void whatAllHoldAndWhatWasSpentIsNeverMoreThanTheAmount() throws Exception {
        long held = 0;
        LeaseAnswer answer;
        do {
            answer = ask("g" + asks % 50, "b", 40_000_000, 1_000_000, List.of(), NOW);
            held += answer.picos();
        } while (answer.picos() > 0);

        assertThat(held).isBetween(AMOUNT - 1_000_000, AMOUNT);
        assertThat(answer.leftPicos()).isEqualTo(AMOUNT - held);
        assertThat(answer.unspentPicos()).isEqualTo(AMOUNT);
    }

    @Test
    void whatIsGivenBackIsLeftAgainAndGivenBackOnce() throws Exception {
        LeaseAnswer lease = ask("g1", "b", 400_000_000, 1, List.of(), NOW);
        Closed closed = new Closed(lease.leaseId(), 100_000_000);

        LeaseAnswer first = ask("g1", "b", 0, 1, List.of(closed), NOW.plusSeconds(1));
        LeaseAnswer again = ask("g1", "b", 0, 1, List.of(new Closed(lease.leaseId(), 5)), NOW.plusSeconds(2));

        assertThat(first.leftPicos()).isEqualTo(900_000_000);
        assertThat(again.leftPicos()).isEqualTo(900_000_000);
    }

    @Test
    void aGatewayThatWasStartedAnewHasSpentWhatItHeld() throws Exception {
        ask("g1", "before", 400_000_000, 1, List.of(), NOW);

        LeaseAnswer answer = ask("g1", "after", 0, 1, List.of(), NOW.plusSeconds(1));

        assertThat(answer.unspentPicos()).isEqualTo(600_000_000);
        assertThat(answer.leftPicos()).isEqualTo(600_000_000);
    }

    @Test
    void anHourAfterALeaseWasClosedTheLedgerIsBelieved() throws Exception {
        LeaseAnswer lease = ask("g1", "b", 400_000_000, 1, List.of(), NOW);
        ask("g1", "b", 0, 1, List.of(new Closed(lease.leaseId(), 300_000_000)), NOW.plusSeconds(10));
        long recorded = spend(NOW.plusSeconds(5));

        LeaseAnswer soon = ask("g2", "b", 0, 1, List.of(), NOW.plus(Duration.ofMinutes(59)));
        LeaseAnswer later = ask("g2", "b", 0, 1, List.of(), NOW.plus(Duration.ofMinutes(62)));

        assertThat(soon.leftPicos()).isEqualTo(700_000_000);
        assertThat(later.leftPicos()).isEqualTo(AMOUNT - recorded);
    }

    /** A hundred times 128 MiB for 2 s are 25 GiB-seconds, at 0.000003 USD 75,000,000 picos. */
    @Test
    void timeWithoutCallsCountsAsSoonAsItIsRecordedSinceNoLeasePaysForIt() throws Exception {
        addWaitingPrice();
        LeaseAnswer lease = ask("g1", "b", 400_000_000, 1, List.of(), NOW);
        waited(NOW.plusSeconds(5));

        LeaseAnswer open = ask("g2", "b", 0, 1, List.of(), NOW.plusSeconds(10));
        ask("g1", "b", 0, 1, List.of(new Closed(lease.leaseId(), 0)), NOW.plusSeconds(20));
        LeaseAnswer later = ask("g2", "b", 0, 1, List.of(), NOW.plus(Duration.ofMinutes(62)));

        assertThat(open.leftPicos()).isEqualTo(AMOUNT - 400_000_000 - 75_000_000);
        assertThat(later.leftPicos()).isEqualTo(AMOUNT - 75_000_000);
    }

    /** Gateways hear that nothing more is admitted, and the autoscaler that nothing is to wait, before more than the amount can be spent. */
    @Test
    void aCapIsSpentWhenWhatWaitsAndAllLeasesComeToMoreThanItsAmount() throws Exception {
        addWaitingPrice();
        List<Closed> held = new ArrayList<>();
        long left = AMOUNT;
        while (left > 50_000_000) {
            LeaseAnswer lease = ask("g1", "b", 500_000_000, 1_000_000, List.of(), NOW);
            held.add(new Closed(lease.leaseId(), 0));
            left = lease.leftPicos();
        }
        assertThat(rule().spent()).isFalse();

        waited(NOW.plusSeconds(5));

        assertThat(rule().spent()).isTrue();
        assertThat(rule().scarce()).as("what is not needed is to be given back").isTrue();
        ask("g1", "b", 0, 1, held.subList(0, 1), NOW.plusSeconds(10));
        assertThat(rule().spent()).isFalse();
    }

    private BudgetRule rule() throws Exception {
        return Objects.requireNonNull(new LedgerWrites(database.dataSource())
                .run(connection -> Budgets.rules(connection, NOW.plusSeconds(20)))
                .get("team"));
    }

    @Test
    void whatWasSpentBeforeTheCapBeganCounts() throws Exception {
        long recorded = spend(NOW.minusSeconds(90));

        assertThat(ask("g1", "b", 0, 1, List.of(), NOW).leftPicos()).isEqualTo(AMOUNT - recorded);
    }

    @Test
    void aLeaseNobodyClosedIsWrittenOffAnHourAfterItsEnd() throws Exception {
        ask("g1", "b", 400_000_000, 1, List.of(), NOW);

        LeaseAnswer waiting = ask("g2", "b", 0, 1, List.of(), NOW.plus(Duration.ofMinutes(119)));
        LeaseAnswer writtenOff = ask("g2", "b", 0, 1, List.of(), NOW.plus(Duration.ofMinutes(121)));
        LeaseAnswer forgotten = ask("g2", "b", 0, 1, List.of(), NOW.plus(Duration.ofMinutes(185)));

        assertThat(waiting.unspentPicos()).isEqualTo(AMOUNT);
        assertThat(waiting.leftPicos()).isEqualTo(600_000_000);
        assertThat(writtenOff.unspentPicos()).isEqualTo(600_000_000);
        assertThat(forgotten.leftPicos()).isEqualTo(AMOUNT);
    }

    /** Billing that is started anew on a host whose clock was set: what was spent is in neither place that the later time looked at. */
    @Test
    void aClockThatIsSetBackFindsAgainWhatWasSpent() throws Exception {
        LeaseAnswer lease = ask("g1", "b", 400_000_000, 1, List.of(), NOW);
        ask("g1", "b", 0, 1, List.of(new Closed(lease.leaseId(), 300_000_000)), NOW.plusSeconds(10));
        long recorded = spend(NOW.plusSeconds(5));
        LeaseAnswer ahead = ask("g2", "b", 0, 1, List.of(), NOW.plus(Duration.ofHours(3)));

        LeaseAnswer back = ask("g2", "b", 0, 1, List.of(), NOW.plusSeconds(20));

        assertThat(ahead.leftPicos()).isEqualTo(AMOUNT - recorded);
        assertThat(back.leftPicos()).isEqualTo(700_000_000);
    }

    @Test
    void aLeaseLastsAnHourFromItsAskWhateverTheTime() throws Exception {
        LeaseAsk ask = new LeaseAsk("team", SCOPE.toString(), "g1", "b", ++asks, -17, 1_000, 1, List.of());
        Instant month = Instant.parse("2026-12-01T00:00:00Z");

        LeaseAnswer answer = Objects.requireNonNull(
                Objects.requireNonNull(office.answer(ask, NOW)).answer());
        LeaseAnswer last = ask("g2", "b", 1_000, 1, List.of(), month.minusSeconds(5));

        assertThat(answer.askedNanos()).isEqualTo(-17);
        assertThat(answer.validMillis()).isEqualTo(3_600_000);
        assertThat(last.validMillis()).isEqualTo(5_000);
    }

    @Test
    void leasesOfAnotherScopeAreVoid() throws Exception {
        LeaseAsk other = new LeaseAsk("team", UUID.randomUUID().toString(), "g1", "b", 1, 0, 10, 1, List.of());

        assertThat(office.answer(other, NOW)).isNull();
    }

    @Test
    void whatOthersHoldIdleIsWantedBackWhileSomebodyGetsTooLittle() throws Exception {
        ask("g1", "b", 600_000_000, 1, List.of(), NOW);
        ask("g1", "b", 400_000_000, 1, List.of(), NOW);

        ask("g2", "b", 400_000_000, 400_000_000, List.of(), NOW);

        assertThat(scarce()).isTrue();
        ask("g3", "b", 1_000, 1, List.of(), NOW);
        assertThat(scarce()).isFalse();
    }

    private boolean scarce() throws Exception {
        return database.number("SELECT scarce::int FROM billing.budget").signum() > 0;
    }

    private LeaseAnswer ask(String gateway, String boot, long wanted, long least, List<Closed> closed, Instant now)
            throws Exception {
        LeaseAsk ask = new LeaseAsk("team", SCOPE.toString(), gateway, boot, ++asks, 0, wanted, least, closed);
        return Objects.requireNonNull(
                Objects.requireNonNull(office.answer(ask, now)).answer());
    }

    private void put(BudgetAction action) throws Exception {
        Budget budget = new Budget(
                "team",
                null,
                new BigDecimal("0.001"),
                List.of(),
                List.of(),
                action,
                SCOPE,
                NOW.minusSeconds(60),
                false,
                Map.of());
        new LedgerWrites(database.dataSource()).run(connection -> {
            BudgetRows.put(connection, budget);
            return true;
        });
    }

    private static void addWaitingPrice() throws Exception {
        if (database.number("SELECT count(*) FROM billing.price_book WHERE version = 2")
                        .signum()
                == 0) {
            new LedgerWrites(database.dataSource())
                    .run(connection -> PriceStore.add(
                            connection,
                            WaitingPrices.of("2026-11-02T00:00:00Z", null, Map.of("IDLE_MEMORY_TIME", "0.000003")),
                            Instant.parse("2026-11-01T00:00:00Z")));
        }
    }

    private static void waited(Instant at) throws Exception {
        Ledger ledger = new Ledger(database.dataSource());
        ledger.offsets("wisp.invocations", Set.of(0));
        List<TimeRecords.Priced> times = IntStream.range(0, 100)
                .mapToObj(i -> Invocations.success(at, "hello", RANDOM))
                .map(call ->
                        new TimeRecords.Priced(InstanceTimes.of(call.invocationId(), call, 1, 2_000_000, 0, 100), 2))
                .toList();
        long from = nextOffset++;
        ledger.append(new LedgerBatch(
                "wisp.invocations",
                Map.of(0, from),
                Map.of(0, nextOffset),
                List.of(),
                new TimeRecords(times, List.of()),
                List.of()));
    }

    private long spend(Instant at) throws Exception {
        Ledger ledger = new Ledger(database.dataSource());
        ledger.offsets("wisp.invocations", Set.of(0));
        RatedRecord record = new RatedRecord(Invocations.success(at, "hello", RANDOM), RatingState.CONFIRMED);
        long from = nextOffset++;
        ledger.append(new LedgerBatch(
                "wisp.invocations", Map.of(0, from), Map.of(0, nextOffset), List.of(record), List.of()));
        return record.record().costPicos();
    }
}
