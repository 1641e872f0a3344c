package dev.wisp.gateway.demand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.revision.RevisionId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemandMeterTest {

    private static final RevisionId HELLO = new RevisionId("default", "hello-00001");
    private static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");
    private static final long MILLI = 1_000_000;

    @Test
    void reportsTheFirstRequestWithoutAWindow() {
        DemandMeter meter = new DemandMeter(HELLO, 0);
        meter.restart(500 * MILLI);
        meter.arrived(500 * MILLI);

        assertThat(meter.report("g", AT, 500 * MILLI, List.of()))
                .isEqualTo(new DemandReport(HELLO, "g", AT, 0, 0, 1, 1, 1.0, 1, List.of()));
    }

    @Test
    void weighsConcurrencyByTime() {
        DemandMeter meter = new DemandMeter(HELLO, 0);
        meter.arrived(0);
        meter.sent();
        meter.arrived(100 * MILLI);
        meter.sent();
        meter.finished(150 * MILLI);
        meter.finished(200 * MILLI);

        // 100 ms of 1, 50 ms of 2, 50 ms of 1, 50 ms of 0: 250 ms-requests in 250 ms.
        assertThat(meter.report("g", AT, 250 * MILLI, List.of()))
                .isEqualTo(new DemandReport(HELLO, "g", AT, 250, 0, 0, 2, 1.0, 2, List.of()));
        assertThat(meter.isActive()).isFalse();
    }

    @Test
    void countsHeldAndSentRequestsApart() {
        DemandMeter meter = new DemandMeter(HELLO, 0);
        meter.arrived(0);
        meter.arrived(0);
        meter.arrived(0);
        meter.sent();
        meter.sent();
        meter.returned();
        meter.dropped(0);

        assertThat(meter.report("g", AT, 100 * MILLI, List.of()))
                .isEqualTo(new DemandReport(HELLO, "g", AT, 100, 1, 1, 3, 2.0, 3, List.of()));
    }

    @Test
    void beginsANewWindowWithEachReport() {
        DemandMeter meter = new DemandMeter(HELLO, 0);
        meter.arrived(0);
        meter.sent();
        meter.report("g", AT, 250 * MILLI, List.of());

        assertThat(meter.report("g", AT, 500 * MILLI, List.of()))
                .isEqualTo(new DemandReport(HELLO, "g", AT, 250, 1, 0, 0, 1.0, 1, List.of()));
    }
}
