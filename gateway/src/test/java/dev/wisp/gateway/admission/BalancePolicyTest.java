package dev.wisp.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BalancePolicyTest {

    record Given(int slots, int inFlight) implements BalancePolicy.Load {}

    @Test
    void choosesNobodyWhenAllAreFull() {
        assertThat(BalancePolicy.choose(List.of(), null)).isEqualTo(BalancePolicy.NONE);
        assertThat(BalancePolicy.choose(List.of(new Given(1, 1), new Given(2, 2)), null))
                .isEqualTo(BalancePolicy.NONE);
    }

    @Test
    void takesTheFirstWithAFreeSlotWhenSlotsAreFew() {
        assertThat(BalancePolicy.choose(List.of(new Given(1, 1), new Given(1, 0), new Given(1, 0)), null))
                .isEqualTo(1);
        assertThat(BalancePolicy.choose(List.of(new Given(3, 2), new Given(3, 0)), null))
                .isZero();
    }

    @Test
    void takesTheLeastLoadedWhenSlotsAreMany() {
        assertThat(BalancePolicy.choose(List.of(new Given(10, 5), new Given(10, 2), new Given(10, 2)), null))
                .isEqualTo(1);
    }

    @Test
    void takesTheLeastLoadedWithoutALimitOfSlots() {
        assertThat(BalancePolicy.choose(List.of(new Given(0, 500), new Given(0, 400)), null))
                .isEqualTo(1);
    }

    @Test
    void takesTheLastOneOnlyWhenThereIsNoOther() {
        Given broke = new Given(10, 0);
        assertThat(BalancePolicy.choose(List.of(broke, new Given(10, 5)), broke))
                .isEqualTo(1);
        assertThat(BalancePolicy.choose(List.of(broke, new Given(10, 10)), broke))
                .isZero();
        assertThat(BalancePolicy.choose(List.of(new Given(1, 1), new Given(1, 0)), new Given(1, 0)))
                .isEqualTo(1);
    }
}
