package dev.wisp.autoscaler.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhatIfTest {

    @TempDir
    Path folder;

    @Test
    void replaysRecordedCallsInAnyOrder() throws IOException {
        Path calls = Files.writeString(folder.resolve("calls.csv"), """
                default/a-00001,1073741824,1800000060000000,1000000
                default/a-00001,1073741824,1800000000000000,1000000
                default/b-00001,536870912,1800000000000000,500000
                """);
        WhatIf whatIf = new WhatIf(CallLog.read(calls), 0.1);

        WhatIf.Row fixed = whatIf.row("fixed:10");
        WhatIf.Row longer = whatIf.row("knative");

        assertThat(fixed.calls()).isEqualTo(3);
        assertThat(fixed.coldStarts()).isEqualTo(3);
        assertThat(fixed.addedLatencyMillis()).isCloseTo(100, within(1e-9));
        assertThat(fixed.idleGbSeconds()).isCloseTo(10 + 0.5 * 10, within(1e-9));
        assertThat(longer.coldStarts()).isEqualTo(2);
        assertThat(longer.idleGbSeconds()).isCloseTo(59 + 0.5 * 60, within(1e-9));
    }

    /** One call of a second on one GB: a request, a core second, a GB second, worked by hand. */
    @Test
    void pricesByEachFormula() throws IOException {
        Path calls = Files.writeString(folder.resolve("calls.csv"), "a,1073741824,0,1000000\n");

        WhatIf.Row row = new WhatIf(CallLog.read(calls), 0.5).row("fixed:10");

        assertThat(row.costDollars().get("wisp")).isCloseTo(0.0000002 + 0.000024 + 0.0000025, within(1e-12));
        assertThat(row.costDollars().get("cloud-run"))
                .isCloseTo(0.0000004 + 1.5 * 0.000024 + 1.5 * 0.0000025, within(1e-12));
        assertThat(row.costDollars().get("lambda")).isCloseTo(0.0000002 + 1.5 * 0.0000166667, within(1e-12));
        assertThat(row.costDollars().get("cloudflare-containers"))
                .isCloseTo(1.5 * 0.00002 + 1.5 * 0.0000025, within(1e-12));
    }

    @Test
    void refusesWhatItCannotRead() throws IOException {
        Path calls = Files.writeString(folder.resolve("calls.csv"), "a,1,2\n");

        assertThatThrownBy(() -> CallLog.read(calls))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("calls.csv:1: must be function,memoryBytes,arrivalMicros,serviceMicros");
        for (String policy : List.of("fix:1", "fixed:x", "fixed:-1", "economic:NaN")) {
            assertThatThrownBy(() -> new WhatIf(Traces.azure(), 0.001).row(policy))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(policy);
        }
    }

    @Test
    void drawsTheFrontier() {
        Recording small = new Recording(Traces.azure().series().subList(0, 10), 480 * 60);

        String svg = new WhatIf(small, 0.001).plot("a < b");

        assertThat(svg).startsWith("<svg").endsWith("</svg>\n").contains("a &lt; b", "polyline", ">histogram</text>");
        assertThat(new WhatIf(small, 0.001).plot("a < b")).isEqualTo(svg);
    }
}
