package dev.wisp.autoscaler.keepalive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.autoscaler.keepalive.IdleLevels.Ended;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdleLevelsTest {

    private final IdleLevels levels = new IdleLevels(FixedKeepAlive.of(10));

    @Test
    void theFirstCallOfALevelFindsNothing() {
        assertThat(levels.rise(0)).isEqualTo(new Ended(false, 0, 0));
        assertThat(levels.rise(0)).isEqualTo(new Ended(false, 0, 0));
        assertThat(levels.busy()).isEqualTo(2);
    }

    @Test
    void aCallWithinTheKeepAliveIsWarmAndOneAfterItIsCold() {
        levels.rise(0);
        levels.fall(1);

        assertThat(levels.rise(11)).isEqualTo(new Ended(true, 10, 0));

        levels.fall(12);

        assertThat(levels.rise(22.5)).isEqualTo(new Ended(false, 10, 0));
    }

    /** The instance that became idle last is used first, so the upper level ages. */
    @Test
    void everyLevelAgesByItself() {
        levels.rise(0);
        levels.rise(0);
        levels.fall(1);
        levels.fall(2);
        levels.rise(8);
        levels.fall(9);

        assertThat(levels.held(10)).isEqualTo(2);
        assertThat(levels.held(11.5)).isEqualTo(1);
        assertThat(levels.unended(15)).containsExactly(new Ended(true, 6, 0), new Ended(false, 10, 0));
    }

    @Test
    void endedLevelsAreTaughtToThePolicy() {
        EconomicKeepAlive economic = new EconomicKeepAlive(new HoldTerms(0.1, 0.1, 10, 0.1));
        IdleLevels learning = new IdleLevels(economic);
        double before = economic.hazard(1, 30);
        for (int i = 0; i < 10; i++) {
            learning.rise(i * 31);
            learning.fall(i * 31 + 1);
        }

        assertThat(economic.hazard(1, 30)).isGreaterThan(10 * before);
        assertThat(economic.hazard(2, 30)).isEqualTo(before);
    }

    @Test
    void theHistogramLearnsTheIdleTimesOfTheWholeRevision() {
        HistogramKeepAlive histogram = new HistogramKeepAlive();
        IdleLevels learning = new IdleLevels(histogram);
        assertThat(histogram.windows(1)).isEqualTo(HoldWindows.until(240 * 60));
        for (int i = 0; i < 6; i++) {
            learning.rise(i * 301);
            learning.fall(i * 301 + 1);
        }

        assertThat(histogram.windows(1)).isEqualTo(HoldWindows.between(5 * 60 * 0.9, 6 * 60 * 1.1));
    }

    @Test
    void manyInstancesAreCountedWithoutBound() {
        for (int i = 0; i < IdleLevels.LEVELS_MAX + 10; i++) {
            levels.rise(0);
        }
        for (int i = 0; i < IdleLevels.LEVELS_MAX + 10; i++) {
            levels.fall(1);
        }

        assertThat(levels.busy()).isZero();
        assertThat(levels.held(2)).isEqualTo(IdleLevels.LEVELS_MAX);
        assertThat(List.of(levels.rise(3))).containsExactly(new Ended(true, 2, 0));
    }
}
