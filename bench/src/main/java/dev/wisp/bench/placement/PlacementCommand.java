package dev.wisp.bench.placement;

import dev.wisp.bench.platform.PlatformOptions;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Series;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wisp bench placement}. */
@Command(
        name = "placement",
        description = {
            "The planner alone, on one thread, under JMH: placements a second over 1,000 nodes, and how long 10,000 revisions take.",
            "Needs no platform. Exit code 1 below 10,000 a second or above one second."
        })
public final class PlacementCommand implements Callable<Integer> {

    private static final double PLACEMENTS_MIN = 10_000;
    private static final double PLAN_MICROS_MAX = 1_000_000;

    @Mixin
    PlatformOptions options = new PlatformOptions();

    @Override
    public Integer call() {
        List<Series> series = new ArrayList<>();
        boolean fast = true;
        for (RunResult run : run()) {
            Result<?> result = run.getPrimaryResult();
            Series one = series(result.getLabel(), result.getStatistics());
            series.add(one);
            boolean all = result.getLabel().equals("allRevisions");
            double mean = result.getStatistics().getMean();
            fast &= all ? mean <= PLAN_MICROS_MAX : 1_000_000 / mean >= PLACEMENTS_MIN;
        }
        options.publish(new Report("placement", total(series), series, Map.of(), notes()), System.out);
        System.out.println(fast ? "as fast as it should be" : "NOT as fast as it should be");
        return fast ? 0 : 1;
    }

    private static Collection<RunResult> run() {
        try {
            return new Runner(new OptionsBuilder()
                            .include(PlacementBench.class.getName())
                            .forks(1)
                            .threads(1)
                            .verbosity(VerboseMode.SILENT)
                            .build())
                    .run();
        } catch (RunnerException e) {
            throw new BenchException("JMH: " + e.getMessage(), e);
        }
    }

    private static Series series(String name, Statistics statistics) {
        return new Series(
                        name,
                        statistics.getN(),
                        Math.round(statistics.getPercentile(50)),
                        Math.round(statistics.getPercentile(90)),
                        Math.round(statistics.getPercentile(99)),
                        null,
                        null)
                .withPerSecond(1_000_000 / statistics.getMean());
    }

    private static long total(List<Series> series) {
        return series.stream().mapToLong(Series::n).sum();
    }

    private static List<String> notes() {
        return List.of(
                "%,d nodes of three sizes in four zones, one in ten with a taint; each placement looks at all of them"
                        .formatted(PlacementBench.NODES),
                "allRevisions: %,d of them once".formatted(PlacementBench.REVISIONS));
    }
}
