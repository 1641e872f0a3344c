package dev.wisp.autoscaler.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wisp.autoscaler.decision.DemandWindow.Averages;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.ScalingSpec.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemandWindowTest {

    private static final Instant START = Instant.parse("2026-01-01T12:00:00.900Z");
    private static final RevisionId REVISION = new RevisionId("default", "a-00001");

    private final DemandWindow window = window(Metric.CONCURRENCY);

    @Test
    void countsABurstInFullAtItsFirstReport() {
        window.add(report("g1", START, 0, 200, 0), START);

        assertThat(window.averages(START)).isEqualTo(new Averages(200, 200));
    }

    @Test
    void countsABurstInFullAlsoWhenASecondBeginsJustAfterItsFirstReport() {
        window.add(report("g1", START, 0, 200, 0), START);

        assertThat(window.averages(START.plusMillis(101))).isEqualTo(new Averages(200, 200));
    }

    @Test
    void aSteadyLoadAveragesToItselfWheneverItIsAskedFor() {
        window.add(report("g1", START, 0, 200, 0), START);
        for (int millis = 250; millis <= 30_000; millis += 250) {
            Instant now = START.plusMillis(millis);
            window.add(report("g1", now, 250, 200, 200), now);
            Averages averages = window.averages(now);

            assertThat(averages.panic()).as("after %d ms", millis).isCloseTo(200, within(0.01));
            assertThat(averages.stable()).as("after %d ms", millis).isCloseTo(200, within(0.01));
        }
    }

    @Test
    void addsUpGateways() {
        for (int millis = 0; millis <= 2_000; millis += 250) {
            Instant now = START.plusMillis(millis);
            window.add(report("g1", now, millis == 0 ? 0 : 250, 5, 5), now);
            window.add(report("g2", now, millis == 0 ? 0 : 250, 7, 7), now);
        }

        Instant end = START.plusMillis(2_000);
        assertThat(window.requests(end)).isEqualTo(12);
        assertThat(window.averages(end).panic()).isCloseTo(12, within(0.01));
    }

    @Test
    void forgetsAGatewayThatStoppedReporting() {
        window.add(report("g1", START, 0, 5, 0), START);

        assertThat(window.requests(START.plusMillis(1_001))).isZero();
        assertThat(window.lastDemandAt(START.plusMillis(5_000))).isEqualTo(START);
    }

    @Test
    void demandLastsWhileRequestsAreInFlight() {
        window.add(report("g1", START, 0, 1, 0), START);

        assertThat(window.lastDemandAt(START.plusMillis(800))).isEqualTo(START.plusMillis(800));
    }

    @Test
    void loadThatEndedFadesOverTheWindow() {
        window.add(report("g1", START, 0, 60, 0), START);
        for (int millis = 250; millis <= 6_000; millis += 250) {
            window.add(report("g1", START.plusMillis(millis), 250, 60, 60), START.plusMillis(millis));
        }
        Instant ended = START.plusMillis(6_000);
        window.add(report("g1", ended, 0, 0, 0), ended);
        for (int millis = 250; millis <= 3_000; millis += 250) {
            window.averages(ended.plusMillis(millis));
        }

        assertThat(window.averages(ended.plusSeconds(3)).panic()).isBetween(20.0, 40.0);
        assertThat(window.averages(ended.plusSeconds(8)).panic()).isZero();
    }

    @Test
    void measuresARateByArrivals() {
        DemandWindow rate = window(Metric.RPS);
        for (int millis = 0; millis <= 10_000; millis += 250) {
            Instant now = START.plusMillis(millis);
            rate.add(
                    new DemandReport(
                            REVISION, "g1", now, millis == 0 ? 0 : 250, 1, 0, millis == 0 ? 0 : 25, 1, 1, List.of()),
                    now);
        }

        Averages averages = rate.averages(START.plusMillis(10_000));
        assertThat(averages.panic()).isCloseTo(100, within(5.0));
        assertThat(averages.stable()).isCloseTo(100, within(5.0));
    }

    @Test
    void aReportFromTheFutureCountsAsFromNow() {
        window.add(report("g1", START.plusSeconds(60), 0, 3, 0), START);

        assertThat(window.lastDemandAt(START)).isEqualTo(START);
        assertThat(window.averages(START).panic()).isEqualTo(3);
    }

    @Test
    void startingOverForgetsTheLoadButNotWhenItWas() {
        window.add(report("g1", START, 0, 50, 0), START);
        window.add(report("g1", START.plusMillis(250), 250, 0, 50), START.plusMillis(250));

        window.startOver();

        assertThat(window.averages(START.plusMillis(300))).isEqualTo(new Averages(0, 0));
        assertThat(window.lastDemandAt(START.plusMillis(300))).isEqualTo(START.plusMillis(250));
    }

    private static DemandWindow window(Metric metric) {
        return new DemandWindow(metric, Duration.ofSeconds(60), Duration.ofSeconds(6));
    }

    private static DemandReport report(String gateway, Instant at, long windowMillis, int inFlight, double average) {
        return new DemandReport(
                REVISION, gateway, at, windowMillis, inFlight, 0, inFlight > 0 ? 1 : 0, average, inFlight, List.of());
    }
}
