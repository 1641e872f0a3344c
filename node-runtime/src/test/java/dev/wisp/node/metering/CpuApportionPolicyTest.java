package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wisp.node.metering.CpuApportionPolicy.Begun;
import dev.wisp.node.metering.CpuApportionPolicy.Ended;
import dev.wisp.node.metering.CpuApportionPolicy.Mark;
import dev.wisp.node.metering.CpuApportionPolicy.Shares;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CpuApportionPolicyTest {

    @Test
    void givesOneAloneExactlyWhatTheCounterSays() {
        Begun begun = CpuApportionPolicy.begin(Shares.NONE, 1_000);

        Ended ended = CpuApportionPolicy.end(begun.shares(), begun.mark(), 1_777);

        assertThat(ended.cpuMicros()).isEqualTo(777);
        assertThat(ended.apportioned()).isFalse();
    }

    @Test
    void leavesWhatIsUsedBetweenInvocationsToNobody() {
        Begun first = CpuApportionPolicy.begin(Shares.NONE, 0);
        Ended firstEnd = CpuApportionPolicy.end(first.shares(), first.mark(), 10);

        Begun second = CpuApportionPolicy.begin(firstEnd.shares(), 5_000);
        Ended secondEnd = CpuApportionPolicy.end(second.shares(), second.mark(), 5_003);

        assertThat(secondEnd.cpuMicros()).isEqualTo(3);
        assertThat(secondEnd.apportioned()).isFalse();
    }

    @Test
    void sharesOverlapsByTimeInFlight() {
        Begun first = CpuApportionPolicy.begin(Shares.NONE, 0);
        Begun second = CpuApportionPolicy.begin(first.shares(), 100);

        Ended firstEnd = CpuApportionPolicy.end(second.shares(), first.mark(), 300);
        Ended secondEnd = CpuApportionPolicy.end(firstEnd.shares(), second.mark(), 350);

        assertThat(firstEnd.cpuMicros()).isEqualTo(100 + 100);
        assertThat(secondEnd.cpuMicros()).isEqualTo(100 + 50);
        assertThat(firstEnd.apportioned()).isTrue();
        assertThat(secondEnd.apportioned()).isTrue();
    }

    @Test
    void readsAfreshWheneverAnInvocationIsOrBecomesAlone() {
        Begun alone = CpuApportionPolicy.begin(Shares.NONE, 0);

        assertThat(CpuApportionPolicy.isReadAtBegin(Shares.NONE, 0)).isTrue();
        assertThat(CpuApportionPolicy.isReadAtEnd(alone.shares(), 0)).isTrue();
    }

    @Test
    void withOthersInFlightReadsAgainOnlyWhenTheLastReadingIsOld() {
        Begun first = CpuApportionPolicy.begin(Shares.NONE, 0);
        Begun second = CpuApportionPolicy.begin(first.shares(), 5);
        long fresh = CpuApportionPolicy.READING_FRESH_NANOS - 1;

        assertThat(CpuApportionPolicy.isReadAtBegin(first.shares(), fresh)).isFalse();
        assertThat(CpuApportionPolicy.isReadAtBegin(first.shares(), fresh + 1)).isTrue();
        assertThat(CpuApportionPolicy.isReadAtEnd(second.shares(), fresh)).isFalse();
        assertThat(CpuApportionPolicy.isReadAtEnd(second.shares(), fresh + 1)).isTrue();
        assertThat(CpuApportionPolicy.lastReading(second.shares())).isEqualTo(5);
    }

    @Test
    void partsSumToTheWholeAlsoWithReadingsLeftOut() {
        Begun first = CpuApportionPolicy.begin(Shares.NONE, 100);
        Begun second = CpuApportionPolicy.begin(first.shares(), CpuApportionPolicy.lastReading(first.shares()));

        Ended firstEnd =
                CpuApportionPolicy.end(second.shares(), first.mark(), CpuApportionPolicy.lastReading(second.shares()));
        Ended secondEnd = CpuApportionPolicy.end(firstEnd.shares(), second.mark(), 900);

        assertThat(firstEnd.cpuMicros() + secondEnd.cpuMicros()).isEqualTo(800);
        assertThat(secondEnd.apportioned()).isTrue();
    }

    @Test
    void neverGivesBackWhenTheCounterIsReadOutOfOrder() {
        Begun begun = CpuApportionPolicy.begin(Shares.NONE, 500);

        Ended ended = CpuApportionPolicy.end(begun.shares(), begun.mark(), 400);

        assertThat(ended.cpuMicros()).isZero();
    }

    @Test
    void sumsToTheCountersDifferenceOverEveryBusyStretch() {
        for (long seed = 0; seed < 200; seed++) {
            assertSums(new Random(seed), seed);
        }
    }

    private static void assertSums(Random random, long seed) {
        Shares shares = Shares.NONE;
        List<Mark> inFlight = new ArrayList<>();
        long counter = random.nextInt(1_000_000);
        long stretchBegan = counter;
        long given = 0;
        for (int step = 0; step < 2_000; step++) {
            counter += random.nextInt(10_000);
            if (inFlight.isEmpty() || (random.nextBoolean() && inFlight.size() < 50)) {
                stretchBegan = inFlight.isEmpty() ? counter : stretchBegan;
                given = inFlight.isEmpty() ? 0 : given;
                Begun begun = CpuApportionPolicy.begin(shares, counter);
                shares = begun.shares();
                inFlight.add(begun.mark());
            } else {
                Ended ended = CpuApportionPolicy.end(shares, inFlight.remove(random.nextInt(inFlight.size())), counter);
                shares = ended.shares();
                given += ended.cpuMicros();
                assertThat(ended.cpuMicros()).as("seed %d", seed).isNotNegative();
            }
            long used = counter - stretchBegan;
            if (inFlight.isEmpty()) {
                assertThat(given).as("seed %d", seed).isEqualTo(used);
            } else {
                assertThat(given).as("seed %d", seed).isLessThanOrEqualTo(used);
            }
        }
        assertThat((double) shares.inFlight()).isCloseTo(inFlight.size(), within(0.0));
    }
}
