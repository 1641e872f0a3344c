package dev.wisp.gateway.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReservationTest {

    private static final Problem NONE_LEFT = Problem.of(ErrorCode.BUDGET_UNSURE, "none left");

    private final Cap ample = new Cap(1_000);
    private final Cap empty = new Cap(0);

    /** Money there is, and what was set aside of it. */
    private static final class Cap implements Reservation {

        private long left;
        private long setAside;
        private long settled;

        private Cap(long left) {
            this.left = left;
        }

        @Override
        public @Nullable Problem more(long picos) {
            if (picos > left) {
                return NONE_LEFT;
            }
            left -= picos;
            setAside += picos;
            return null;
        }

        @Override
        public void settle(long costPicos) {
            settled += costPicos;
        }
    }

    @Test
    void eachSetsAsideTheWhole() {
        empty.left = 50;
        Reservation all = new Reservation.All(List.of(ample, empty));

        assertThat(all.more(20)).isNull();
        assertThat(all.more(30)).isNull();

        assertThat(ample.setAside).isEqualTo(50);
        assertThat(empty.setAside).isEqualTo(50);
        all.settle(7);
        assertThat(ample.settled).isEqualTo(7);
        assertThat(empty.settled).isEqualTo(7);
    }

    @Test
    void triesThatFailTakeNothingMoreOfWhoHasIt() {
        Reservation all = new Reservation.All(List.of(ample, empty));

        for (int attempt = 0; attempt < 8; attempt++) {
            assertThat(all.more(20)).isEqualTo(NONE_LEFT);
        }

        assertThat(ample.setAside).isEqualTo(20);
    }

    @Test
    void whatOneHasAheadCountsWhenTheOtherHasMoney() {
        Reservation all = new Reservation.All(List.of(ample, empty));
        all.more(20);
        empty.left = 100;

        assertThat(all.more(50)).isNull();
        assertThat(ample.setAside).isEqualTo(50);
        assertThat(empty.setAside).isEqualTo(50);
        assertThat(all.more(1)).isNull();
        assertThat(ample.setAside).isEqualTo(51);
    }

    @Test
    void asksForLessThanWhatOneHasAhead() {
        Reservation all = new Reservation.All(List.of(ample, empty));
        all.more(20);
        empty.left = 100;

        assertThat(all.more(5)).isNull();
        assertThat(all.more(25)).isNull();

        assertThat(ample.setAside).isEqualTo(30);
        assertThat(empty.setAside).isEqualTo(30);
    }
}
