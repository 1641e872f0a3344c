package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OutputRateTest {

    private static final int LINE = 1024 - OutputRate.LINE_OVERHEAD_BYTES;
    private static final long START = 1_700_000_000_000_000L;

    private final OutputRate rate = new OutputRate();

    @Test
    void burstPassesAndTheRestIsDroppedAndCounted() {
        assertThat(pass(10_000, START)).isEqualTo(OutputRate.BURST_BYTES / 1024);
        assertThat(rate.tell())
                .isEqualTo("output dropped: 1808 lines, 1695 KiB, because it printed more than 2 MiB a second");
        assertThat(rate.hasDropped()).isFalse();
    }

    @Test
    void timeGivesBackWhatASecondIsWorthAndNeverMoreThanABurst() {
        pass(10_000, START);

        assertThat(pass(10_000, START + 1_000_000)).isEqualTo(2048);
        assertThat(pass(10_000, START + 3_600_000_000L)).isEqualTo(8192);
    }

    @Test
    void clockThatGoesBackGivesNothing() {
        pass(10_000, START);

        assertThat(pass(100, START - 5_000_000)).isZero();
        assertThat(pass(100, START - 4_999_000)).isEqualTo(2);
    }

    private int pass(int lines, long atMicros) {
        int passed = 0;
        for (int i = 0; i < lines; i++) {
            passed += rate.passes(LINE, atMicros) ? 1 : 0;
        }
        return passed;
    }
}
