package dev.wisp.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadShapeTest {

    @Test
    void shapesKeepToTheirBounds() {
        assertThat(LoadShape.STEP.callers(0, 200)).isEqualTo(200);
        assertThat(List.of(LoadShape.SINE.callers(0, 200), LoadShape.SINE.callers(10, 200)))
                .containsExactly(10, 200);
        assertThat(List.of(
                        LoadShape.SPIKE.callers(7.9, 200),
                        LoadShape.SPIKE.callers(8, 200),
                        LoadShape.SPIKE.callers(10, 200)))
                .containsExactly(10, 200, 10);
    }

    @Test
    void aRunIsDrawnWithBothPanels() {
        LoadRun.Outcome outcome = new LoadRun.Outcome(
                "step",
                Duration.ofSeconds(6),
                List.of(new Call(0, 52_000, Call.GOOD, true)),
                List.of(new Scale(0, 0, 0), new Scale(250_000, 29, 29)),
                0);

        String svg = LoadPlot.svg(outcome, LoadShape.STEP, 200);

        assertThat(svg)
                .startsWith("<svg")
                .contains("step: up to 200 calls at once", "desired", "p99, ms")
                .endsWith("</svg>\n");
    }
}
