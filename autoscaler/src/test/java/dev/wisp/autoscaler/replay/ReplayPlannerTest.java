package dev.wisp.autoscaler.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wisp.autoscaler.keepalive.FixedKeepAlive;
import dev.wisp.autoscaler.keepalive.HistogramKeepAlive;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplayPlannerTest {

    private static final Recording AZURE = Traces.azure();

    @Test
    void readsTheWholeTrace() {
        assertThat(AZURE.series()).hasSize(100);
        assertThat(AZURE.calls()).isEqualTo(339_657);
        assertThat(AZURE.endSeconds()).isEqualTo(480 * 60);
        assertThat(AZURE.series().stream()
                        .mapToDouble(series -> series.busySeconds() * series.memoryGb())
                        .sum())
                .isCloseTo(6_308, within(0.5));
    }

    @ParameterizedTest
    @CsvSource({"10,12320,25499", "60,4343,69723", "600,542,132352", "1200,275,144499", "1e9,115,205742"})
    void fixedKeepAlivesGiveTheKnownFigures(double seconds, long coldStarts, double idleGbSeconds) {
        ReplayResult result = ReplayPlanner.replay(AZURE, series -> FixedKeepAlive.of(seconds));

        assertThat(result.coldStarts()).isEqualTo(coldStarts);
        assertThat(result.idleGbSeconds()).isCloseTo(idleGbSeconds, within(0.5));
        assertThat(result.startsAhead()).isZero();
    }

    @Test
    void theHybridHistogramGivesTheKnownFiguresWithinTwoPerCent() {
        ReplayResult result = ReplayPlanner.replay(AZURE, series -> new HistogramKeepAlive());

        assertThat(result.coldStarts()).isCloseTo(243, Percentage.withPercentage(2));
        assertThat(result.idleGbSeconds()).isCloseTo(146_690, Percentage.withPercentage(2));
    }
}
