package dev.wisp.billing.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LeasePolicyTest {

    private static final Instant NOW = Instant.parse("2026-11-15T12:34:56Z");
    private static final Instant MONTH = Instant.parse("2026-11-01T00:00:00Z");

    @Test
    void grantsWhatIsWantedWhileThereIsPlenty() {
        assertThat(grant(1_000_000, 100, 10, 1)).isEqualTo(100);
    }

    @Test
    void nobodyGetsMoreThanAPartThatLeavesSomeForTheOthers() {
        assertThat(grant(1_000, 900, 10, 1)).isEqualTo(500);
        assertThat(grant(1_000, 900, 10, 50)).isEqualTo(10);
    }

    @Test
    void whatPaysForNoCallIsNotGranted() {
        assertThat(grant(99, 900, 100, 1)).isZero();
        assertThat(grant(-5, 900, 100, 1)).isZero();
        assertThat(grant(1_000, 0, 0, 1)).isZero();
    }

    @Test
    void neverGrantsMoreThanIsLeftOrWanted() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 100_000; round++) {
            long left = random.nextLong(1L << random.nextInt(1, 63));
            long wanted = random.nextLong(1L << random.nextInt(1, 63));
            long least = random.nextLong(1 + wanted);
            int holders = random.nextInt(200);

            long granted = grant(left, wanted, least, holders);

            assertThat(granted)
                    .as("left=%d wanted=%d least=%d holders=%d", left, wanted, least, holders)
                    .isBetween(0L, Math.min(left, wanted));
            assertThat(granted == 0 || granted >= least).isTrue();
        }
    }

    @Test
    void aLeaseEndsWithItsMonth() {
        Instant reset = Instant.parse("2026-12-01T00:00:00Z");

        assertThat(LeasePolicy.validUntil(NOW, reset)).isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(LeasePolicy.validUntil(reset.minusSeconds(5), reset)).isEqualTo(reset);
    }

    @Test
    void theLedgerIsBelievedOfWhatIsLongOverAndOfWhatNoLeasePaidFor() {
        Instant capped = NOW.minus(Duration.ofMinutes(10));

        assertThat(LeasePolicy.believedBefore(NOW, capped, MONTH)).isEqualTo(capped);
        assertThat(LeasePolicy.believedBefore(NOW.plus(Duration.ofHours(5)), capped, MONTH))
                .isEqualTo(Instant.parse("2026-11-15T16:34:00Z"));
        assertThat(LeasePolicy.believedBefore(MONTH.plusSeconds(1), MONTH.minusSeconds(9_999), MONTH))
                .isEqualTo(MONTH);
    }

    @Test
    void aCapBeginsWithAFullMinuteOnceGatewaysHaveHeard() {
        assertThat(LeasePolicy.enforcedFrom(NOW)).isEqualTo(Instant.parse("2026-11-15T12:36:00Z"));
        assertThat(LeasePolicy.enforcedFrom(NOW.minusSeconds(30))).isEqualTo(Instant.parse("2026-11-15T12:35:00Z"));
    }

    private static long grant(long left, long wanted, long least, int holders) {
        return LeasePolicy.grant(BigInteger.valueOf(left), wanted, least, holders);
    }
}
