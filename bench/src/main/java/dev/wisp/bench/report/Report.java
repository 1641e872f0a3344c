package dev.wisp.bench.report;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wisp.bench.statistic.Series;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Results of one benchmark.
 *
 * @param n measurements of the platform itself
 * @param ratios by what they compare: {@code crun / wisp}
 * @param notes what is measured and how, one sentence each
 */
public record Report(String bench, long n, List<Series> series, Map<String, Double> ratios, List<String> notes) {

    public Report {
        series = List.copyOf(series);
        ratios = new LinkedHashMap<>(ratios);
        notes = List.copyOf(notes);
    }

    public void print(PrintStream out) {
        out.printf("%n%-28s %9s %10s %10s %10s %10s %12s%n", bench, "n", "p50", "p90", "p99", "cpu", "per second");
        for (Series one : series) {
            out.printf(
                    "%-28s %9d %10s %10s %10s %10s %12s%n",
                    one.name(),
                    one.n(),
                    duration((double) one.p50Micros()),
                    duration((double) one.p90Micros()),
                    duration((double) one.p99Micros()),
                    duration(one.cpuMicros()),
                    one.perSecond() == null ? "" : String.format(Locale.ROOT, "%.0f", one.perSecond()));
        }
        out.println();
        ratios.forEach((name, value) -> out.printf(Locale.ROOT, "%-40s %8.2f%n", name, value));
        notes.forEach(note -> out.println("  " + note));
    }

    /** Writes the form that all benchmarks share. */
    public void write(Path file) {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put("bench", bench);
        form.put("n", n);
        form.put("host", HostFacts.ofThisHost());
        form.put("series", series);
        form.put("ratios", ratios);
        form.put("notes", notes);
        try {
            Files.write(
                    file,
                    JsonMapper.builder()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .build()
                            .writeValueAsBytes(form));
        } catch (IOException e) {
            throw new BenchException("cannot write %s: %s".formatted(file, e), e);
        }
    }

    /** {@code 812 µs}, {@code 3.21 ms}, {@code 1.20 s}; empty when it was not measured. */
    static String duration(@Nullable Double micros) {
        if (micros == null) {
            return "";
        }
        if (micros < 1_000) {
            return String.format(Locale.ROOT, "%.0f µs", micros);
        }
        return micros < 1_000_000
                ? String.format(Locale.ROOT, "%.2f ms", micros / 1_000)
                : String.format(Locale.ROOT, "%.2f s", micros / 1_000_000);
    }
}
