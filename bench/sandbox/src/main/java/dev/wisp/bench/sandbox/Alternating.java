package dev.wisp.bench.sandbox;

import dev.wisp.bench.peer.Peer;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Median;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts one after the other, in turn, so that whatever else the machine does meets all of them alike. */
final class Alternating {

    private final Peer own;
    private final List<Peer> peers;

    Alternating(Peer own, List<Peer> peers) {
        this.own = own;
        this.peers = List.copyOf(peers);
    }

    private record Measured(Peer peer, Samples samples, long cpuMicrosBefore) {

        static Measured begin(Peer peer) {
            return new Measured(peer, new Samples(), peer.cpuMicros());
        }

        void once() {
            samples.add(peer.startMicros());
        }

        Series series() {
            double cpuMicros = (double) (peer.cpuMicros() - cpuMicrosBefore) / samples.count();
            return samples.series(peer.name()).withCpuMicros(cpuMicros);
        }
    }

    /** The first starts are not counted: of the platform's, whose code has yet to be compiled, as many as that takes but at most {@code warmUp}; three of each peer. */
    Report run(String bench, int n, int warmUp, List<String> notes) {
        new WarmUp(warmUp).run(own::startMicros);
        for (int i = 0; i < 3; i++) {
            peers.forEach(Peer::startMicros);
        }
        Measured measuredOwn = Measured.begin(own);
        List<Measured> measured = peers.stream().map(Measured::begin).toList();
        for (int i = 0; i < n; i++) {
            measuredOwn.once();
            measured.forEach(Measured::once);
        }
        return report(
                bench,
                measuredOwn.series(),
                measured.stream().map(Measured::series).toList(),
                notes);
    }

    private static Report report(String bench, Series own, List<Series> others, List<String> notes) {
        List<Series> series = new ArrayList<>(List.of(own));
        series.addAll(others);
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (Series peer : others) {
            ratios.put(peer.name() + " / wisp, p50", Median.ratio(peer.p50Micros(), own.p50Micros()));
            ratios.put(peer.name() + " / wisp, p99", Median.ratio(peer.p99Micros(), own.p99Micros()));
            ratios.put(peer.name() + " / wisp, cpu", Median.ratio(cpu(peer), cpu(own)));
        }
        return new Report(bench, own.n(), series, ratios, notes);
    }

    private static double cpu(Series series) {
        Double micros = series.cpuMicros();
        return micros == null ? 0 : micros;
    }
}
