package dev.wisp.gateway.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.budget.BudgetAction;
import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.budget.LeaseAnswer;
import dev.wisp.contracts.budget.LeaseAsk;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.gateway.GatewayFixture;
import dev.wisp.testkit.ManualClock;
import dev.wisp.testkit.MemoryBus;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetGateTest {

    private static final Instant NOW = Instant.parse("2026-11-15T12:00:00Z");
    private static final Instant RESETS = Instant.parse("2026-12-01T00:00:00Z");
    private static final Duration LEASED = Duration.ofHours(1);
    private static final RevisionSpec HELLO = GatewayFixture.spec(1, Duration.ofSeconds(30));
    private static final long CALL = ReservePolicy.picos(PriceBook.DEFAULT, HELLO);

    @TempDir
    Path state;

    private final MemoryBus bus = new MemoryBus();
    private final ManualClock clock = new ManualClock(NOW);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private long bankPicos;
    private BudgetGate gate;

    @BeforeEach
    void start() {
        bus.subscribe(Topics.LEASE_ASKS, (key, ask) -> lend(Objects.requireNonNull(ask)));
        gate = open();
    }

    @AfterEach
    void stop() {
        gate.close();
    }

    @Test
    void aNamespaceWithoutABudgetIsNotAsked() {
        rule(BudgetAction.BLOCK, "other", true);

        assertThat(gate.admit("default", HELLO, micros())).isSameAs(Admitted.FREE);
    }

    @Test
    void aSpentBudgetThatBlocksSaysWhichAndUntilWhen() {
        rule(BudgetAction.BLOCK, "default", true);

        Problem refusal = refusal();

        assertThat(refusal.code()).isEqualTo(ErrorCode.BUDGET_SPENT.code());
        assertThat(refusal.status()).isEqualTo(402);
        assertThat(refusal.detail())
                .isEqualTo("budget team of 5.00 USD a month for namespace default is spent; it resets at " + RESETS);
    }

    @Test
    void aBudgetByLabelCoversRevisionsThatHaveAllOfItsLabels() {
        rule(BudgetAction.BLOCK, null, true, NOW, Map.of("team", "shop", "env", "prod"));
        RevisionSpec other = HELLO.withLabels(Map.of("team", "shop", "env", "test"));
        RevisionSpec covered = HELLO.withLabels(Map.of("team", "shop", "env", "prod", "more", "x"));

        assertThat(gate.admit("default", HELLO, micros())).isSameAs(Admitted.FREE);
        assertThat(gate.admit("default", other, micros())).isSameAs(Admitted.FREE);
        assertThat(gate.admit("default", null, micros())).isSameAs(Admitted.FREE);
        assertThat(Objects.requireNonNull(
                                gate.admit("default", covered, micros()).refusal())
                        .detail())
                .isEqualTo("budget team of 5.00 USD a month for all namespaces, label env=prod,team=shop is spent;"
                        + " it resets at " + RESETS);
    }

    @Test
    void aCapByLabelSetsNothingAsideForOthers() {
        rule(BudgetAction.CAP, "default", false, NOW, Map.of("team", "shop"));

        assertThat(gate.admit("default", HELLO, micros())).isSameAs(Admitted.FREE);
        assertThat(gate.admit("default", HELLO.withLabels(Map.of("team", "shop")), micros())
                        .refusal())
                .isNotNull();
        assertThat(gate.admit("default", null, micros()).refusal()).isNotNull();
    }

    @Test
    void blocksNoLongerThanItsMonth() {
        rule(BudgetAction.BLOCK, null, true);
        pass(Duration.between(NOW, RESETS));

        assertThat(gate.admit("default", HELLO, micros()).refusal()).isNull();
    }

    @Test
    void aSpentBudgetThatThrottlesLetsOneCallASecondThrough() {
        rule(BudgetAction.THROTTLE, null, true);

        assertThat(gate.admit("default", HELLO, micros()).refusal()).isNull();
        assertThat(refusal().code()).isEqualTo(ErrorCode.BUDGET_THROTTLED.code());
        pass(Duration.ofSeconds(1));
        assertThat(gate.admit("default", HELLO, micros()).refusal()).isNull();
    }

    @Test
    void aCapAdmitsWhatItsLeasePaysForAndNothingMore() {
        bankPicos = 3 * CALL;
        rule(BudgetAction.CAP, "default", false);
        awaitMoney();

        int admitted = 1;
        while (gate.admit("default", HELLO, micros()).refusal() == null) {
            admitted++;
        }

        assertThat(admitted).isLessThanOrEqualTo(3);
        awaitRefusal("this call may cost up to");
    }

    /** What a gateway holds is not spent when what waits has used up the rest. */
    @Test
    void aCapThatIsSpentAdmitsNothingWhateverIsHeld() {
        bankPicos = 8 * CALL;
        rule(BudgetAction.CAP, "default", false);
        awaitMoney();

        rule(BudgetAction.CAP, "default", true);

        assertThat(refusal().code()).isEqualTo(ErrorCode.BUDGET_SPENT.code());
        assertThat(refusal().detail()).contains("it resets at " + RESETS);
    }

    @Test
    void aCapIsNoneBeforeItBegins() {
        rule(BudgetAction.CAP, "default", false, NOW.plusSeconds(60));

        assertThat(gate.admit("default", HELLO, micros())).isSameAs(Admitted.FREE);
    }

    @Test
    void spendsItsLeaseWithTheBrokerAwayAndThenSaysWhatIsMissing() {
        bankPicos = 3 * CALL;
        rule(BudgetAction.CAP, "default", false);
        Reservation first = awaitMoney();
        bus.cut();

        first.settle(CALL);
        while (gate.admit("default", HELLO, micros()).refusal() == null) {}

        assertThat(refusal().code()).isEqualTo(ErrorCode.BUDGET_UNSURE.code());
        assertThat(refusal().detail()).contains("no answer from billing");
        bankPicos = 3 * CALL;
        bus.restore();
        awaitMoney();
    }

    @Test
    void afterAStartWithoutTheBrokerACapIsStillOne() {
        rule(BudgetAction.CAP, "default", false);
        gate.close();
        MemoryBus away = new MemoryBus();
        away.cut();

        BudgetGate again = new BudgetGate(away, "g1", state, () -> List.of(HELLO), clock, nanos::get);
        again.start();

        assertThat(Objects.requireNonNull(
                                again.admit("default", HELLO, micros()).refusal())
                        .code())
                .isEqualTo(ErrorCode.BUDGET_UNSURE.code());
        again.close();
    }

    @Test
    void aBudgetThatWasTakenAwayBindsNobody() {
        rule(BudgetAction.BLOCK, "default", true);

        bus.publish(Topics.BUDGETS, "team", null);

        assertThat(gate.admit("default", HELLO, micros())).isSameAs(Admitted.FREE);
    }

    @Test
    void aCapBeginsWhateverTheClockSays() {
        rule(BudgetAction.CAP, "default", false, NOW.plusSeconds(60));
        setClock(Duration.ofHours(-3));
        assertThat(gate.admit("default", HELLO, micros())).isSameAs(Admitted.FREE);

        nanos.addAndGet(Till.BEGUN_AFTER.toNanos());

        // Whether billing has said meanwhile that there is nothing, or has not been asked.
        assertThat(gate.admit("default", HELLO, micros()).refusal()).isNotNull();
    }

    /** The first lease may pay for one call alone: what was set aside of it is free again before the broker goes away. */
    @Test
    void aClockThatIsSetEndsNoLease() {
        bankPicos = 8 * CALL;
        rule(BudgetAction.CAP, "default", false);
        awaitMoney().settle(0);
        bus.cut();

        setClock(Duration.ofHours(3));

        assertThat(gate.admit("default", HELLO, micros()).refusal()).isNull();
    }

    @Test
    void aClockThatIsSetBackKeepsNoLeaseForHours() {
        bankPicos = 8 * CALL;
        rule(BudgetAction.CAP, "default", false, NOW.minus(Duration.ofDays(1)));
        awaitMoney().settle(0);
        bus.cut();

        setClock(Duration.ofHours(-3));
        pass(LEASED);

        assertThat(refusal().code()).isEqualTo(ErrorCode.BUDGET_UNSURE.code());
    }

    @Test
    void aClockThatIsSetBackThrottlesNoLonger() {
        rule(BudgetAction.THROTTLE, null, true);
        assertThat(gate.admit("default", HELLO, micros()).refusal()).isNull();
        setClock(Duration.ofHours(-3));
        assertThat(refusal().code()).isEqualTo(ErrorCode.BUDGET_THROTTLED.code());

        pass(Duration.ofSeconds(1));

        assertThat(gate.admit("default", HELLO, micros()).refusal()).isNull();
    }

    /** A call that goes on takes from several leases, and what it did not cost of all of them pays for others. */
    @Test
    void aCallUnderWayIsPaidFromOtherLeasesTooAndEndsWithTheMoney() {
        bankPicos = 20 * CALL;
        rule(BudgetAction.CAP, "default", false);
        Admitted call = Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> {
                            pass(Duration.ofMillis(100));
                            return gate.admit("default", HELLO, micros());
                        },
                        verdict -> verdict.refusal() == null);
        CallFunds funds = Objects.requireNonNull(call.funds());
        AtomicLong millis = new AtomicLong(HELLO.timeoutMillis());
        Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> {
            pass(Duration.ofMillis(100));
            millis.set(funds.coverMillis(millis.get() + 1));
            return bankPicos == 0 && millis.get() == funds.coverMillis(millis.get() + 1);
        });
        funds.ranOut();

        assertThat(millis.get()).isGreaterThan(5 * HELLO.timeoutMillis());
        assertThat(Objects.requireNonNull(funds.shortfall()).detail()).contains("budget team of 5.00 USD");
        assertThat(gate.admit("default", HELLO, micros()).refusal()).isNotNull();
        call.reservation().settle(0);
        assertThat(gate.admit("default", HELLO, micros()).refusal()).isNull();
    }

    /** The wall clock alone. */
    private void setClock(Duration by) {
        clock.advance(by);
    }

    private void pass(Duration time) {
        clock.advance(time);
        nanos.addAndGet(time.toNanos());
    }

    private BudgetGate open() {
        BudgetGate opened = new BudgetGate(bus, "g1", state, () -> List.of(HELLO), clock, nanos::get);
        opened.start();
        return opened;
    }

    private void rule(BudgetAction action, @Nullable String namespace, boolean spent) {
        rule(action, namespace, spent, NOW);
    }

    private void rule(BudgetAction action, @Nullable String namespace, boolean spent, Instant from) {
        rule(action, namespace, spent, from, Map.of());
    }

    private void rule(
            BudgetAction action, @Nullable String namespace, boolean spent, Instant from, Map<String, String> labels) {
        bus.publish(
                Topics.BUDGETS,
                "team",
                new BudgetRule(
                        "team",
                        "scope",
                        namespace,
                        action,
                        new BigDecimal("5.00"),
                        "USD",
                        from,
                        RESETS,
                        spent,
                        false,
                        labels));
    }

    private Reservation awaitMoney() {
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> {
                            pass(Duration.ofMillis(100));
                            return gate.admit("default", HELLO, micros());
                        },
                        verdict -> verdict.refusal() == null)
                .reservation();
    }

    private void awaitRefusal(String text) {
        Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> {
            pass(Duration.ofMillis(100));
            Problem problem = gate.admit("default", HELLO, micros()).refusal();
            return problem != null && problem.detail().contains(text);
        });
    }

    private Problem refusal() {
        return Objects.requireNonNull(gate.admit("default", HELLO, micros()).refusal());
    }

    private void lend(LeaseAsk ask) {
        long picos = bankPicos >= ask.leastPicos() ? Math.min(bankPicos, ask.wantedPicos()) : 0;
        bankPicos -= picos;
        bus.publish(
                Topics.LEASE_ANSWERS,
                ask.gatewayId(),
                new LeaseAnswer(
                        ask.budget(),
                        ask.scopeId(),
                        ask.gatewayId(),
                        ask.boot(),
                        ask.number(),
                        "lease-" + ask.number(),
                        picos,
                        bankPicos,
                        bankPicos,
                        ask.askedNanos(),
                        LEASED.toMillis()));
    }

    private long micros() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
