package dev.wisp.gateway.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.budget.LeaseAnswer;
import dev.wisp.contracts.budget.LeaseAsk.Closed;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PurseTest {

    /** A monotonic clock that passes its greatest value within the test. */
    private static final long NOW = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

    private static final Duration VALID = Duration.ofHours(1);

    private final Purse purse = new Purse();

    @Test
    void asksForTheFirstCallBeforeItComes() {
        purse.expect(100);

        assertThat(purse.tick(NOW, false)).isEqualTo(new Purse.Ask(1, NOW, 100, 100, List.of()));
    }

    @Test
    void setsAsideNoMoreThanItHolds() {
        hold("a", 250);

        assertThat(purse.reserve(100, NOW)).isNotNull();
        assertThat(purse.reserve(100, NOW)).isNotNull();
        assertThat(purse.reserve(100, NOW)).isNull();
        assertThat(purse.reserve(50, NOW)).isNotNull();
    }

    @Test
    void whatACallDidNotCostPaysForTheNext() {
        hold("a", 100);
        Purse.Lease lease = reserve(100);

        purse.settle(lease, 100, 1);

        assertThat(purse.reserve(100, NOW)).isNull();
        assertThat(purse.reserve(99, NOW)).isNotNull();
    }

    @Test
    void asksForMoreWhileHalfIsLeft() {
        hold("a", 400);
        reserve(100);
        reserve(100);
        assertThat(purse.runsLow(NOW)).isFalse();

        reserve(100);

        assertThat(purse.runsLow(NOW)).isTrue();
        assertThat(Objects.requireNonNull(purse.tick(NOW, false)).wantedPicos()).isEqualTo(500);
    }

    @Test
    void aLeaseThatPaysForNoCallIsGivenBackOnceNothingIsUnderWay() {
        hold("a", 150);
        Purse.Lease lease = reserve(100);
        assertThat(Objects.requireNonNull(purse.tick(NOW, false)).closed()).isEmpty();

        purse.settle(lease, 100, 70);

        assertThat(Objects.requireNonNull(purse.tick(after(Duration.ofSeconds(2)), false))
                        .closed())
                .containsExactly(new Closed("a", 70));
    }

    @Test
    void tellsOfAnEndUntilItIsHeard() {
        hold("a", 150);
        purse.settle(reserve(100), 100, 70);
        Purse.Ask first = Objects.requireNonNull(purse.tick(NOW, false));

        Purse.Ask second = Objects.requireNonNull(purse.tick(after(Purse.ANSWER_TIMEOUT), false));
        purse.answered(answer(second.number(), "", 0), after(Duration.ofSeconds(1)));
        Purse.Ask third = purse.tick(after(Duration.ofSeconds(3)), false);

        assertThat(first.closed()).isEqualTo(second.closed()).hasSize(1);
        assertThat(Objects.requireNonNull(third).closed()).isEmpty();
    }

    @Test
    void givesIdleMoneyBackWhenOthersWantIt() {
        hold("a", 1_000);
        purse.settle(reserve(100), 100, 10);

        assertThat(purse.tick(after(Duration.ofMillis(500)), true)).isNull();
        assertThat(purse.tick(after(Purse.IDLE_MAX), true))
                .isEqualTo(new Purse.Ask(1, after(Purse.IDLE_MAX), 0, 100, List.of(new Closed("a", 10))));
    }

    @Test
    void aLeaseThatIsOverPaysNothing() {
        hold("a", 1_000);

        assertThat(purse.reserve(100, after(VALID))).isNull();
    }

    /** An answer that took its time must not make the lease last: it counts from the ask on. */
    @Test
    void aLeaseLastsFromTheAskThatItAnswers() {
        long asked = NOW;
        purse.answered(answer(-1, "a", 1_000), after(VALID.minusSeconds(1)));

        assertThat(purse.reserve(100, asked + VALID.toNanos() - 1)).isNotNull();
        assertThat(purse.reserve(100, asked + VALID.toNanos())).isNull();
    }

    @Test
    void aDearCallThatFoundTooLittleIsAskedFor() {
        hold("a", 300);
        reserve(10);

        purse.reserve(1_000, NOW);

        Purse.Ask ask = Objects.requireNonNull(purse.tick(NOW, false));
        assertThat(ask.leastPicos()).isEqualTo(1_000);
        assertThat(ask.wantedPicos()).isGreaterThanOrEqualTo(1_000);
    }

    @Test
    void waitsAfterARefusal() {
        purse.reserve(100, NOW);
        Purse.Ask ask = Objects.requireNonNull(purse.tick(NOW, false));
        purse.answered(answer(ask.number(), "", 0), NOW);
        purse.reserve(100, NOW);

        assertThat(purse.runsLow(NOW)).isFalse();
        assertThat(purse.tick(NOW, false)).isNull();
        assertThat(purse.tick(after(Purse.REFUSAL_PAUSE), false)).isNotNull();
    }

    private void hold(String leaseId, long picos) {
        purse.answered(answer(-1, leaseId, picos), NOW);
    }

    private Purse.Lease reserve(long picos) {
        return Objects.requireNonNull(purse.reserve(picos, NOW));
    }

    private static LeaseAnswer answer(long number, String leaseId, long picos) {
        return new LeaseAnswer("team", "scope", "g1", "boot", number, leaseId, picos, 0, 0, NOW, VALID.toMillis());
    }

    private static long after(Duration time) {
        return NOW + time.toNanos();
    }
}
