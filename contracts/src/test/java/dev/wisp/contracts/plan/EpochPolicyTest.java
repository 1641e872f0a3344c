package dev.wisp.contracts.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EpochPolicyTest {

    private static final long COUNT_MAX = (1L << 32) - 1;

    @Test
    void everyPlanOfALaterTermIsAheadOfAllOfAnEarlierOne() {
        long lastOfOld = EpochPolicy.epoch(6, COUNT_MAX);
        long firstOfNew = EpochPolicy.epoch(7, 0);

        assertThat(EpochPolicy.accepts(lastOfOld, firstOfNew)).isTrue();
        assertThat(EpochPolicy.accepts(firstOfNew, lastOfOld)).isFalse();
    }

    @Test
    void theSamePlanMayComeTwice() {
        assertThat(EpochPolicy.accepts(EpochPolicy.epoch(7, 3), EpochPolicy.epoch(7, 3)))
                .isTrue();
    }

    @Test
    void knowsItsTerm() {
        assertThat(EpochPolicy.term(EpochPolicy.epoch(Integer.MAX_VALUE, COUNT_MAX)))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(EpochPolicy.epoch(Integer.MAX_VALUE, COUNT_MAX)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> EpochPolicy.epoch(1L << 31, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> EpochPolicy.epoch(0, COUNT_MAX + 1));
    }
}
