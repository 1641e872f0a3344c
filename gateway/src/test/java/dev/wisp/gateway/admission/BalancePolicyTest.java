package dev.wisp.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BalancePolicyTest {

    record Given(int slots, int inFlight) implements BalancePolicy.Load {}

    record Shut(int slots, int inFlight) implements BalancePolicy.Load {

        @Override
        public boolean isOpen() {
            return false;
        }
    }

    private static int choose(List<? extends BalancePolicy.Load> instances, BalancePolicy.@Nullable Load last) {
        return BalancePolicy.choose(instances, last, () -> {
            throw new AssertionError("nothing is drawn of so few");
        });
    }

    @Test
    void choosesNobodyWhenAllAreFull() {
        assertThat(choose(List.of(), null)).isEqualTo(BalancePolicy.NONE);
        assertThat(choose(List.of(new Given(1, 1), new Given(2, 2)), null)).isEqualTo(BalancePolicy.NONE);
    }

    @Test
    void takesTheFirstWithAFreeSlotWhenSlotsAreFew() {
        assertThat(choose(List.of(new Given(1, 1), new Given(1, 0), new Given(1, 0)), null))
                .isEqualTo(1);
        assertThat(choose(List.of(new Given(3, 2), new Given(3, 0)), null)).isZero();
    }

    @Test
    void takesTheLeastLoadedWhenSlotsAreMany() {
        assertThat(choose(List.of(new Given(10, 5), new Given(10, 2), new Given(10, 2)), null))
                .isEqualTo(1);
    }

    @Test
    void takesTheLeastLoadedWithoutALimitOfSlots() {
        assertThat(choose(List.of(new Given(0, 500), new Given(0, 400)), null)).isEqualTo(1);
    }

    @Test
    void takesTheLastOneOnlyWhenThereIsNoOther() {
        Given broke = new Given(10, 0);
        assertThat(choose(List.of(broke, new Given(10, 5)), broke)).isEqualTo(1);
        assertThat(choose(List.of(broke, new Given(10, 10)), broke)).isZero();
        assertThat(choose(List.of(new Given(1, 1), new Given(1, 0)), new Given(1, 0)))
                .isEqualTo(1);
    }

    @Test
    void takesNobodyWhoIsLeftAlone() {
        assertThat(choose(List.of(new Shut(10, 0), new Given(10, 9)), null)).isEqualTo(1);
        assertThat(choose(List.of(new Shut(1, 0)), null)).isEqualTo(BalancePolicy.NONE);
    }

    @Test
    void ofManyTakesTheLessLoadedOfTwoThatAreDrawn() {
        List<Given> many = new ArrayList<>(Collections.nCopies(20, new Given(10, 5)));
        many.set(3, new Given(10, 4));
        many.set(7, new Given(10, 10));

        assertThat(BalancePolicy.choose(many, null, rolls(0.15, 0.0))).isEqualTo(3);
        assertThat(BalancePolicy.choose(many, null, rolls(0.0, 0.106))).isEqualTo(3);
        assertThat(BalancePolicy.choose(many, null, rolls(0.35, 0.99))).isEqualTo(19);
    }

    @Test
    void looksAtAllWhenBothThatWereDrawnAreFull() {
        List<Given> full = new ArrayList<>(Collections.nCopies(20, new Given(10, 10)));
        full.set(13, new Given(10, 9));

        assertThat(BalancePolicy.choose(full, null, rolls(0.0, 0.0))).isEqualTo(13);
        full.set(13, new Given(10, 10));
        assertThat(BalancePolicy.choose(full, null, rolls(0.0, 0.0))).isEqualTo(BalancePolicy.NONE);
    }

    /** The front ones are filled with however many there are, so that those at the back stop. */
    @Test
    void drawsNothingWhenSlotsAreFew() {
        assertThat(choose(Collections.nCopies(100, new Given(1, 0)), null)).isZero();
    }

    /** As many calls as instances: drawing two leaves the fullest with few, where drawing one leaves it with many more. */
    @Test
    void spreadsEvenlyOverMany() {
        SplittableRandom random = new SplittableRandom(7);
        int[] inFlight = new int[1_000];
        List<BalancePolicy.Load> instances = new ArrayList<>();
        for (int at = 0; at < inFlight.length; at++) {
            int index = at;
            instances.add(new BalancePolicy.Load() {
                @Override
                public int slots() {
                    return 100;
                }

                @Override
                public int inFlight() {
                    return inFlight[index];
                }
            });
        }

        for (int call = 0; call < inFlight.length; call++) {
            inFlight[BalancePolicy.choose(instances, null, random::nextDouble)]++;
        }

        assertThat(Arrays.stream(inFlight).max().orElseThrow()).isLessThanOrEqualTo(4);
    }

    private static DoubleSupplier rolls(double first, double second) {
        Iterator<Double> rolls = List.of(first, second).iterator();
        return rolls::next;
    }
}
