package dev.wisp.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.bench.load.SettlePolicy.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettlePolicyTest {

    private static final long RUN_MICROS = 3_000_000;

    @Test
    void aRunHasSettledAtTheFirstOfFourGoodWindowsInARow() {
        List<Call> calls = new ArrayList<>();
        addWindow(calls, 0, 900_000);
        addWindow(calls, 1, 60_000);
        addWindow(calls, 2, 200_000);
        for (int window = 3; window < 12; window++) {
            addWindow(calls, window, 52_000);
        }

        long steady = SettlePolicy.steadyMicros(calls, RUN_MICROS);

        assertThat(steady).isEqualTo(52_000);
        assertThat(SettlePolicy.settledMicros(SettlePolicy.windows(calls), steady))
                .isEqualTo(750_000);
    }

    @Test
    void aRunThatNeverStaysWithinHasNotSettled() {
        List<Call> calls = new ArrayList<>();
        for (int window = 0; window < 12; window++) {
            addWindow(calls, window, window % 3 == 0 ? 300_000 : 50_000);
        }

        assertThat(SettlePolicy.settledMicros(SettlePolicy.windows(calls), 50_000))
                .isEqualTo(-1);
    }

    @Test
    void theSlowestOfAHundredIsLeftOut() {
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 99; i++) {
            calls.add(new Call(i, 1_000, Call.GOOD, false));
        }
        calls.add(new Call(99, 5_000, Call.GOOD, false));

        assertThat(SettlePolicy.windows(calls)).containsExactly(new Window(0, 100, 1_000));
    }

    private static void addWindow(List<Call> calls, int window, long micros) {
        for (int i = 0; i < 10; i++) {
            calls.add(new Call(window * SettlePolicy.WINDOW_MICROS + i, micros, Call.GOOD, false));
        }
    }
}
