package dev.wisp.autoscaler.keepalive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EconomicPolicyTest {

    /** 0.1 GB held costs 0.01 a second, a start saved is worth 1: holding pays above one call in a hundred seconds. */
    private static final HoldTerms TERMS = new HoldTerms(0.1, 0.1, 10, 0.1);

    @Test
    void holdsWhileTheNextCallIsWorthMoreThanTheWait() {
        assertThat(TERMS.hazardMin()).isCloseTo(0.01, within(1e-12));
        GapHistory often = gaps(1_000, 20, new Random(1));
        GapHistory seldom = gaps(1_000, 500, new Random(1));

        assertThat(EconomicPolicy.windows(often, TERMS).holds(15)).isTrue();
        assertThat(EconomicPolicy.windows(seldom, TERMS).heldSeconds(10_000)).isLessThan(200);
    }

    @Test
    void startsShortlyBeforeATimerAndNotEarlier() {
        GapHistory timer = new GapHistory();
        for (int i = 0; i < 20; i++) {
            timer.add(300);
        }

        HoldWindows windows = EconomicPolicy.windows(timer, TERMS);

        assertThat(windows.holds(300)).isTrue();
        assertThat(windows.holds(200)).isFalse();
        assertThat(windows.heldSeconds(300)).isLessThan(60);
        assertThat(windows.startsAhead(300)).isEqualTo(1);
    }

    @Test
    void holdsNothingForAStartThatTakesNoTime() {
        assertThat(EconomicPolicy.windows(gaps(100, 5, new Random(1)), new HoldTerms(0, 0.1, 10, 0.1)))
                .isEqualTo(HoldWindows.NONE);
    }

    @Test
    void holdsForEverWhatCostsNothing() {
        assertThat(EconomicPolicy.windows(new GapHistory(), new HoldTerms(0.1, 0.1, 10, 0))
                        .heldSeconds(10_000))
                .isEqualTo(10_000);
    }

    /** The more it costs, the less is held, and a window never ends before it began. */
    @Test
    void holdsLessWhenItCostsMore() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            GapHistory history = gaps(random.nextInt(50), Math.pow(10, random.nextDouble() * 4), random);
            double cheap = held(history, 1e-4);
            double dear = held(history, 1e-2);

            assertThat(dear).isLessThanOrEqualTo(cheap);
        }
    }

    @Test
    void forgetsWhatWasLongAgo() {
        GapHistory history = new GapHistory();
        for (int i = 0; i < 5_000; i++) {
            history.add(300);
        }
        for (int i = 0; i < 300; i++) {
            history.add(20);
        }

        HoldWindows windows = EconomicPolicy.windows(history, TERMS);

        assertThat(windows.holds(20)).isTrue();
        assertThat(windows.holds(150)).isFalse();
    }

    private static double held(GapHistory history, double price) {
        return EconomicPolicy.windows(history, new HoldTerms(0.1, 0.1, 10, price))
                .heldSeconds(20_000);
    }

    private static GapHistory gaps(int count, double meanSeconds, Random random) {
        GapHistory history = new GapHistory();
        for (int i = 0; i < count; i++) {
            history.add(random.nextExponential() * meanSeconds);
        }
        return history;
    }
}
