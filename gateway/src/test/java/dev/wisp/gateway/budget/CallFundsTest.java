package dev.wisp.gateway.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.price.Rating;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.gateway.GatewayFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallFundsTest {

    private static final long MIB = 1 << 20;
    private static final long TIMEOUT = 30_000;
    private static final RevisionSpec HELLO = GatewayFixture.spec(1, Duration.ofMillis(TIMEOUT));
    private static final Problem NONE_LEFT = Problem.of(ErrorCode.BUDGET_UNSURE, "none left");

    /** With a price for everything. */
    private static final PriceBook BOOK = new PriceBook(
            1, "USD", Instant.EPOCH, 200_000, 24_000_000, 3_000_000, 2_500_000, 90_000_000_000L, 1, false);

    private static final long CALL = ReservePolicy.picos(BOOK, HELLO);

    private final Purse purse = new Purse();
    private final CallFunds funds = new CallFunds(BOOK, HELLO, CALL, purse);

    /** Money there is, and what was set aside of it. */
    private static final class Purse implements Reservation {

        private long left = Long.MAX_VALUE;
        private long setAside = CALL;
        private int asks;

        @Override
        public @Nullable Problem more(long picos) {
            asks++;
            if (picos > left) {
                return NONE_LEFT;
            }
            left -= picos;
            setAside += picos;
            return null;
        }

        @Override
        public void settle(long costPicos) {}
    }

    @Test
    void mostCallsAskForNothing() {
        assertThat(funds.coverBytes(8 * MIB)).isTrue();
        assertThat(funds.coverMillis(TIMEOUT)).isEqualTo(TIMEOUT);

        assertThat(purse.asks).isZero();
    }

    @Test
    void asksBeforeTheLastByteAndEndsAtIt() {
        purse.left = 0;

        assertThat(funds.coverBytes(9 * MIB)).isTrue();
        assertThat(purse.asks).isEqualTo(1);
        assertThat(funds.coverBytes(9 * MIB + 1)).isTrue();
        assertThat(purse.asks).as("not with each piece of the answer").isEqualTo(1);
        assertThat(funds.coverBytes(16 * MIB)).isTrue();
        assertThat(funds.coverBytes(16 * MIB + 1)).isFalse();
        assertThat(funds.shortfall()).isNull();
        funds.ranOut();
        assertThat(funds.shortfall()).isEqualTo(NONE_LEFT);
    }

    @Test
    void goesOnWithWhatCameMeanwhile() {
        purse.left = 0;
        funds.coverBytes(9 * MIB);
        assertThat(funds.coverMillis(TIMEOUT + 1)).isEqualTo(TIMEOUT);

        purse.left = Long.MAX_VALUE;

        assertThat(funds.coverBytes(20 * MIB)).isTrue();
        assertThat(funds.coverMillis(TIMEOUT + 1)).isEqualTo(2 * TIMEOUT + 1);
    }

    /** The next try ahead of need would come after what is paid for. */
    @Test
    void asksOnceMoreBeforeItEnds() {
        purse.left = 0;
        assertThat(funds.coverBytes(15 * MIB + MIB / 2)).isTrue();
        purse.left = Long.MAX_VALUE;

        assertThat(funds.coverBytes(16 * MIB + MIB / 4)).isTrue();
    }

    @Test
    void knowsWhyItEndsWhenSomethingElseWasPaidForMeanwhile() {
        purse.left = 0;
        assertThat(funds.coverBytes(17 * MIB)).isFalse();
        purse.left = Long.MAX_VALUE;
        assertThat(funds.coverMillis(TIMEOUT + 1)).isEqualTo(2 * TIMEOUT + 1);

        funds.ranOut();

        assertThat(funds.shortfall()).isEqualTo(NONE_LEFT);
    }

    /** Also when that was less, by prices that held before. */
    @Test
    void goesOnFromWhatWasSetAside() {
        CallFunds running = new CallFunds(BOOK, HELLO, CALL - 1_000, purse);
        purse.setAside = CALL - 1_000;

        running.coverMillis(TIMEOUT + 1);

        assertThat(purse.setAside)
                .isEqualTo(ReservePolicy.picos(BOOK, HELLO, 2 * TIMEOUT + 1, ReservePolicy.ANSWER_BYTES));
    }

    @Test
    void whatRunsAsFarAsItIsPaidForCostsNoMoreThanIsSetAside() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 1_000; round++) {
            Purse own = new Purse();
            own.left = random.nextLong(20_000_000_000L);
            CallFunds running = new CallFunds(BOOK, HELLO, CALL, own);
            long bytes = 0;
            long millis = 0;
            for (int step = 0; step < 40; step++) {
                long more = random.nextLong(4 * MIB);
                if (running.coverBytes(bytes + more)) {
                    bytes += more;
                }
                long wanted = millis + random.nextLong(TIMEOUT);
                millis = Math.max(millis, Math.min(wanted, running.coverMillis(wanted)));
            }
            // As far as it may and the slack of a second, with all that its limits let it use.
            long ended = millis + 1_000;
            long cost = Rating.costPicos(
                    BOOK,
                    Outcome.SUCCESS,
                    Rating.billedMillis(BOOK, Outcome.SUCCESS, 0, ended * 1_000),
                    ended * HELLO.limits().cpuMillicores(),
                    HELLO.limits().cpuMillicores(),
                    HELLO.limits().memoryBytes(),
                    bytes);

            assertThat(cost).as("round %d of seed 5", round).isLessThanOrEqualTo(own.setAside);
        }
    }
}
