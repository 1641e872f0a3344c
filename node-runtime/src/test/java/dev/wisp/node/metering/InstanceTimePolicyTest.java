package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.metering.InstanceTimePolicy.Reading;
import dev.wisp.node.metering.InstanceTimePolicy.Spent;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InstanceTimePolicyTest {

    @Test
    void whatIsNeitherStartNorCallNorFrozenIsIdle() {
        Reading now = new Reading(10_000_000, 1_000_000, 3_000_000, 2_000_000, 700, 500);

        assertThat(InstanceTimePolicy.between(Reading.NONE, now))
                .isEqualTo(new Spent(1_000, 3_000, 4_000, 2_000, 700, 500));
    }

    @Test
    void readingsThatDisagreeGiveNoMoreThanTheWhole() {
        Reading now = new Reading(1_000_000, 900_000, 900_000, 900_000, 0, 0);

        assertThat(InstanceTimePolicy.between(Reading.NONE, now)).isEqualTo(new Spent(900, 100, 0, 0, 0, 0));
    }

    /** However a life is cut into stretches: the parts add up to the stretch, and the stretches to the life. */
    @Test
    void everyMicrosecondIsInOnePartOfOneRecord() {
        SplittableRandom random = new SplittableRandom(9);
        for (int round = 0; round < 10_000; round++) {
            Reading before = Reading.NONE;
            long[] sums = new long[6];
            int stretches = 1 + random.nextInt(20);
            for (int stretch = 0; stretch < stretches; stretch++) {
                Reading now = later(before, random);
                Spent spent = InstanceTimePolicy.between(before, now);
                assertThat(spent.lengthMicros())
                        .as("round %d of seed 9", round)
                        .isEqualTo(now.lifeNanos() / 1_000 - before.lifeNanos() / 1_000);
                sums[0] += spent.lengthMicros();
                sums[4] += spent.cpuMicros();
                sums[5] += spent.callCpuMicros();
                before = now;
            }
            assertThat(sums[0]).isEqualTo(before.lifeNanos() / 1_000);
            assertThat(sums[4]).isEqualTo(before.cpuMicros());
            assertThat(sums[5]).isEqualTo(before.callCpuMicros());
        }
    }

    private static Reading later(Reading before, SplittableRandom random) {
        long start = random.nextLong(1_000_000);
        long busy = random.nextLong(1_000_000);
        long frozen = random.nextLong(1_000_000);
        long idle = random.nextLong(1_000_000);
        return new Reading(
                before.lifeNanos() + start + busy + frozen + idle,
                before.startNanos() + start,
                before.busyNanos() + busy,
                before.frozenNanos() + frozen,
                before.cpuMicros() + random.nextLong(1_000),
                before.callCpuMicros() + random.nextLong(1_000));
    }
}
