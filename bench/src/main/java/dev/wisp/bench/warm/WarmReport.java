package dev.wisp.bench.warm;

import dev.wisp.bench.process.JvmThreads.Part;
import dev.wisp.bench.process.JvmThreads.Used;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Median;
import dev.wisp.bench.statistic.Series;
import dev.wisp.bench.warm.WarmRun.Way;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a report of a run: as it went at full speed, then at a low rate. */
final class WarmReport {

    private final WarmRun run;
    private final List<Series> full;
    private final List<Series> paced;

    private WarmReport(WarmRun run) {
        this.run = run;
        this.full = run.ways().stream().map(WarmReport::full).toList();
        this.paced = run.perSecond() == 0
                ? List.of()
                : run.ways().stream()
                        .map(way -> way.paced().series("%s, %d a second".formatted(way.name(), run.perSecond())))
                        .toList();
    }

    static Report of(WarmRun run, List<String> notes) {
        WarmReport report = new WarmReport(run);
        List<Series> series = new ArrayList<>(report.full);
        series.addAll(report.paced);
        List<String> all = new ArrayList<>(notes);
        all.addAll(report.notes());
        return new Report("warm", report.full.getFirst().n(), series, report.ratios(), all);
    }

    private Map<String, Double> ratios() {
        Map<String, Double> ratios = new LinkedHashMap<>();
        if (full.size() < 3) {
            return ratios;
        }
        Series wisp = full.get(0);
        Series nginx = full.get(1);
        ratios.put("requests per second", Median.ratio(number(wisp.perSecond()), number(nginx.perSecond())));
        ratios.put("p50", Median.ratio(wisp.p50Micros(), nginx.p50Micros()));
        ratios.put("p50 added to the server's", added(full));
        ratios.put("p99", Median.ratio(wisp.p99Micros(), nginx.p99Micros()));
        if (!paced.isEmpty()) {
            ratios.put("p50 added, %d a second".formatted(run.perSecond()), added(paced));
        }
        double nginxCpu = number(nginx.cpuMicros());
        ratios.put("requests per cpu second", Median.ratio(nginxCpu, number(wisp.cpuMicros())));
        ratios.put("requests per cpu second, data plane", Median.ratio(nginxCpu, dataPlaneMicros()));
        Map<String, Double> named = new LinkedHashMap<>();
        ratios.forEach((name, value) -> named.put("wisp / nginx, " + name, value));
        return named;
    }

    /** Of a call: all of the process but those who take its record out of the broker and those who hold it there. */
    private double dataPlaneMicros() {
        return number(full.getFirst().cpuMicros()) - cpuMicros(Part.BROKER) - cpuMicros(Part.LEDGER);
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        notes.add(run.warmUp().isEmpty() ? "no warm-up" : warmUp());
        notes.add("%d rounds of %d s each in turn; percentiles are medians over rounds; load by %s"
                .formatted(run.ways().getFirst().rounds().size(), run.seconds(), run.loadedBy()));
        notes.add(
                "cpu: the platform's whole process, and nginx's processes, for each request; without the server and the load");
        notes.add("of wisp's: " + parts());
        notes.add("allocated by event loops: %.0f bytes a call, by the whole process %.0f"
                .formatted(allocated(Part.EVENT_LOOPS), allocatedByAll()));
        return notes;
    }

    private String warmUp() {
        return "warmed up for %d s, %s; a call took %s of processor time in its rounds"
                .formatted(
                        run.warmUp().size() * run.seconds(),
                        SteadyPolicy.isSteady(run.warmUp())
                                ? "until %d rounds agreed within a twentieth".formatted(SteadyPolicy.ROUNDS)
                                : "and rounds did not agree within a twentieth yet",
                        run.warmUp().stream().map(WarmReport::micros).collect(Collectors.joining(", ")));
    }

    private String parts() {
        return run.used().keySet().stream()
                .map(part -> part.text() + " " + micros(cpuMicros(part)))
                .collect(Collectors.joining(", "));
    }

    private double cpuMicros(Part part) {
        return run.used().getOrDefault(part, Used.NONE).cpuMicros() / calls();
    }

    private double allocated(Part part) {
        return run.used().getOrDefault(part, Used.NONE).allocatedBytes() / calls();
    }

    private double allocatedByAll() {
        return run.used().values().stream().mapToDouble(Used::allocatedBytes).sum() / calls();
    }

    private double calls() {
        return Math.max(1, run.ways().getFirst().calls());
    }

    private static double added(List<Series> of) {
        long direct = of.get(2).p50Micros();
        return Median.ratio(of.get(0).p50Micros() - direct, of.get(1).p50Micros() - direct);
    }

    private static Series full(Way way) {
        List<LoadRound> rounds = way.rounds();
        double seconds = rounds.stream().mapToDouble(LoadRound::seconds).sum();
        long cpuMicros = rounds.stream().mapToLong(LoadRound::cpuMicros).sum();
        Series series = new Series(
                        way.name(),
                        way.calls(),
                        (long) Median.of(
                                rounds.stream().map(LoadRound::p50Micros).toList()),
                        (long) Median.of(
                                rounds.stream().map(LoadRound::p90Micros).toList()),
                        (long) Median.of(
                                rounds.stream().map(LoadRound::p99Micros).toList()),
                        null,
                        null)
                .withPerSecond(way.calls() / seconds);
        return cpuMicros == 0 ? series : series.withCpuMicros((double) cpuMicros / way.calls());
    }

    private static String micros(double micros) {
        return String.format(Locale.ROOT, "%.1f µs", micros);
    }

    private static double number(@Nullable Double value) {
        return value == null ? 0 : value;
    }
}
