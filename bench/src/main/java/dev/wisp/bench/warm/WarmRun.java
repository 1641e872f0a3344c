package dev.wisp.bench.warm;

import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Median;
import dev.wisp.bench.statistic.Series;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Loads several ways to the same server, in turn, round after round. */
final class WarmRun {

    private static final int WARM_UP_ROUNDS = 2;

    private final LoadGenerator load;
    private final int seconds;
    private final List<Way> ways = new ArrayList<>();

    private record Way(
            String name, InetSocketAddress address, String host, LongSupplier cpuMicros, List<LoadRound> rounds) {}

    WarmRun(LoadGenerator load, int seconds) {
        this.load = load;
        this.seconds = seconds;
    }

    /** The first way added is the one that others are compared with. */
    void add(String name, InetSocketAddress address, String host, LongSupplier cpuMicros) {
        ways.add(new Way(name, address, host, cpuMicros, new ArrayList<>()));
    }

    void measure(int rounds) {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            ways.forEach(this::round);
        }
        for (int i = 0; i < rounds; i++) {
            for (Way way : ways) {
                way.rounds().add(round(way));
            }
        }
    }

    Report report(List<String> notes) {
        List<Series> series = ways.stream().map(WarmRun::series).toList();
        Series own = series.getFirst();
        List<String> all = new ArrayList<>(notes);
        all.add("%d rounds of %d s each in turn; percentiles are medians over rounds; load by %s"
                .formatted(ways.getFirst().rounds().size(), seconds, load.name()));
        all.add(
                "cpu: the platform's whole process, and nginx's processes, for each request; without the server and the load");
        return new Report("warm", own.n(), series, series.size() < 3 ? Map.of() : ratios(series), all);
    }

    private static Map<String, Double> ratios(List<Series> series) {
        Series wisp = series.get(0);
        Series nginx = series.get(1);
        Series direct = series.get(2);
        Map<String, Double> ratios = new LinkedHashMap<>();
        ratios.put(
                "wisp / nginx, requests per second", Median.ratio(number(wisp.perSecond()), number(nginx.perSecond())));
        ratios.put("wisp / nginx, p50", Median.ratio(wisp.p50Micros(), nginx.p50Micros()));
        ratios.put(
                "wisp / nginx, p50 added to the server's",
                Median.ratio(wisp.p50Micros() - direct.p50Micros(), nginx.p50Micros() - direct.p50Micros()));
        ratios.put("wisp / nginx, p99", Median.ratio(wisp.p99Micros(), nginx.p99Micros()));
        ratios.put("wisp / nginx, cpu a request", Median.ratio(number(wisp.cpuMicros()), number(nginx.cpuMicros())));
        return ratios;
    }

    private LoadRound round(Way way) {
        long cpuBefore = way.cpuMicros().getAsLong();
        LoadRound round = load.run(way.address(), way.host(), seconds)
                .withCpuMicros(way.cpuMicros().getAsLong() - cpuBefore);
        if (round.failures() > 0) {
            throw new BenchException(
                    "%s: %d of %d requests failed".formatted(way.name(), round.failures(), round.requests()));
        }
        return round;
    }

    private static Series series(Way way) {
        long requests = way.rounds().stream().mapToLong(LoadRound::requests).sum();
        double seconds = way.rounds().stream().mapToDouble(LoadRound::seconds).sum();
        long cpuMicros = way.rounds().stream().mapToLong(LoadRound::cpuMicros).sum();
        Series series = new Series(
                        way.name(),
                        requests,
                        (long) Median.of(
                                way.rounds().stream().map(LoadRound::p50Micros).toList()),
                        (long) Median.of(
                                way.rounds().stream().map(LoadRound::p90Micros).toList()),
                        (long) Median.of(
                                way.rounds().stream().map(LoadRound::p99Micros).toList()),
                        null,
                        null)
                .withPerSecond(requests / seconds);
        return cpuMicros == 0 ? series : series.withCpuMicros((double) cpuMicros / requests);
    }

    private static double number(@org.jspecify.annotations.Nullable Double value) {
        return value == null ? 0 : value;
    }
}
