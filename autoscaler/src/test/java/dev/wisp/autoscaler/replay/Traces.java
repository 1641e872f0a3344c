package dev.wisp.autoscaler.replay;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Recordings for tests: the sample of the Azure trace, and made-up ones from a seed. */
final class Traces {

    static final double EIGHT_HOURS = 8 * 3_600;

    private Traces() {}

    static Recording azure() {
        return AzureTrace.read(Path.of("src/test/resources/azure-100"));
    }

    /** The functions with an even or an odd place in the file. */
    static Recording half(Recording recording, int remainder) {
        return new Recording(
                IntStream.range(0, recording.series().size())
                        .filter(i -> i % 2 == remainder)
                        .mapToObj(recording.series()::get)
                        .toList(),
                recording.endSeconds());
    }

    /** The same calls, each at a moment of its minute that is drawn anew. */
    static Recording scattered(Recording recording, RandomGenerator random) {
        return new Recording(
                recording.series().stream()
                        .map(series -> scattered(series, random))
                        .toList(),
                recording.endSeconds());
    }

    /** Timers with jitter, steady random calls, bursts, and calls that come by day only: ten of each, of many rates and sizes. */
    static Recording invented(RandomGenerator random) {
        List<CallSeries> series = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            double period = 20 * Math.pow(1.7, i);
            series.add(series(random, "timer" + i, timer(random, period)));
            series.add(series(random, "steady" + i, steady(random, period, EIGHT_HOURS)));
            series.add(series(random, "burst" + i, bursts(random, period)));
            series.add(series(random, "day" + i, steady(random, period / 4, EIGHT_HOURS / 2)));
        }
        return new Recording(series, EIGHT_HOURS);
    }

    private static CallSeries scattered(CallSeries series, RandomGenerator random) {
        double[] arrivals = new double[series.calls()];
        Arrays.setAll(arrivals, i -> Math.floor(series.arrival(i) / 60) * 60 + random.nextDouble() * 60);
        Arrays.sort(arrivals);
        double[] service = new double[series.calls()];
        Arrays.setAll(service, series::serviceSeconds);
        return new CallSeries(series.function(), series.memoryGb(), arrivals, service);
    }

    private static List<Double> timer(RandomGenerator random, double period) {
        List<Double> arrivals = new ArrayList<>();
        for (double at = period * random.nextDouble(); at < EIGHT_HOURS; at += period) {
            arrivals.add(at + random.nextDouble() * period / 20);
        }
        return arrivals;
    }

    private static List<Double> steady(RandomGenerator random, double mean, double end) {
        List<Double> arrivals = new ArrayList<>();
        for (double at = random.nextExponential() * mean; at < end; at += random.nextExponential() * mean) {
            arrivals.add(at);
        }
        return arrivals;
    }

    private static List<Double> bursts(RandomGenerator random, double pause) {
        List<Double> arrivals = new ArrayList<>();
        for (double start : steady(random, pause * 10, EIGHT_HOURS)) {
            int calls = 1 + random.nextInt(30);
            for (int i = 0; i < calls; i++) {
                arrivals.add(start + random.nextDouble() * pause / 4);
            }
        }
        return arrivals;
    }

    private static CallSeries series(RandomGenerator random, String name, List<Double> arrivals) {
        double[] sorted = arrivals.stream()
                .mapToDouble(Double::doubleValue)
                .filter(at -> at < EIGHT_HOURS)
                .sorted()
                .toArray();
        double[] service = new double[sorted.length];
        Arrays.fill(service, 0.005 + random.nextDouble());
        return new CallSeries(name, 0.05 + 0.5 * random.nextDouble(), sorted, service);
    }
}
