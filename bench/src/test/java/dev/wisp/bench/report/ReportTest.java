package dev.wisp.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wisp.bench.statistic.Series;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private static final Report REPORT = new Report(
            "cold",
            200,
            List.of(new Series("wisp", 200, 812, 1_500, 3_210, 900.0, null)),
            Map.of("crun / wisp, p50", 20.5),
            List.of("how"));

    @TempDir
    Path folder;

    @Test
    void writesTheSharedForm() throws Exception {
        Path file = folder.resolve("cold.json");

        REPORT.write(file);

        JsonNode form = new JsonMapper().readTree(file.toFile());
        assertThat(form.fieldNames()).toIterable().containsExactly("bench", "n", "host", "series", "ratios", "notes");
        assertThat(form.path("series").path(0).path("p99_us").asInt()).isEqualTo(3_210);
        assertThat(form.path("host").path("cores").asInt()).isPositive();
        assertThat(form.path("ratios").path("crun / wisp, p50").asDouble()).isEqualTo(20.5);
    }

    @Test
    void printsATable() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        REPORT.print(new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("812 µs")
                .contains("3.21 ms")
                .contains("20.50")
                .contains("how");
    }

    @Test
    void durationsHaveThreeDigits() {
        assertThat(Report.duration(0.4)).isEqualTo("0 µs");
        assertThat(Report.duration(1_234_567.0)).isEqualTo("1.23 s");
        assertThat(Report.duration(null)).isEmpty();
    }
}
