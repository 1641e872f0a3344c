package dev.wisp.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BalancePolicyTest {

    record Given(int slots, int inFlight) implements BalancePolicy.Load {}

    @Test
    void choosesNobodyWhenAllAreFull() {
        assertThat(BalancePolicy.choose(List.of())).isEqualTo(BalancePolicy.NONE);
        assertThat(BalancePolicy.choose(List.of(new Given(1, 1), new Given(2, 2))))
                .isEqualTo(BalancePolicy.NONE);
    }

    @Test
    void takesTheFirstWithAFreeSlotWhenSlotsAreFew() {
        assertThat(BalancePolicy.choose(List.of(new Given(1, 1), new Given(1, 0), new Given(1, 0))))
                .isEqualTo(1);
        assertThat(BalancePolicy.choose(List.of(new Given(3, 2), new Given(3, 0))))
                .isZero();
    }

    @Test
    void takesTheLeastLoadedWhenSlotsAreMany() {
        assertThat(BalancePolicy.choose(List.of(new Given(10, 5), new Given(10, 2), new Given(10, 2))))
                .isEqualTo(1);
    }

    @Test
    void takesTheLeastLoadedWithoutALimitOfSlots() {
        assertThat(BalancePolicy.choose(List.of(new Given(0, 500), new Given(0, 400))))
                .isEqualTo(1);
    }
}
