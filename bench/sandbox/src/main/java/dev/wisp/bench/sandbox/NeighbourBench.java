package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Median;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import dev.wisp.node.sandbox.Sandbox;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** One sandbox is called while another does its worst. Rounds with and without noise take turns, so that both see the same machine. */
final class NeighbourBench {

    /** Calls without and with noise that do not count: what this process compiles meanwhile would have the processor that the noise leaves. */
    private static final int WARM_UP = 5_000;

    private static final int ROUNDS = 3;
    /** Caller and called take a small part of a core: they compete for their turn, not for their fair share. */
    private static final Duration PACE = Duration.ofMillis(1);

    private static final SandboxHost.Size SIZE = new SandboxHost.Size(16, 1, 2);

    private final Path root;
    private final List<Noise> kinds;
    private final int rounds;

    /** @param kinds what the other does, each in turn; everything there is when empty */
    NeighbourBench(Path root, List<Noise> kinds) {
        this(root, kinds, ROUNDS);
    }

    /** @param rounds quiet and loud ones of each kind */
    NeighbourBench(Path root, List<Noise> kinds, int rounds) {
        this.root = root;
        this.kinds = kinds.isEmpty() ? List.of(Noise.values()) : List.copyOf(kinds);
        this.rounds = rounds;
    }

    /** @param n calls a round */
    Report run(int n, PrintStream out) {
        List<Series> series = new ArrayList<>();
        Map<String, Double> ratios = new LinkedHashMap<>();
        try (SandboxHost host = SandboxHost.open(StartBench.program(root), SIZE)) {
            Sandbox victim = host.start().sandbox();
            NoiseMaker noise = NoiseMaker.install(host);
            int warmUp = Math.min(n, WARM_UP);
            call(host, victim, warmUp, new Samples());
            noise.during(kinds.getFirst(), () -> call(host, victim, warmUp, new Samples()));
            host.settle();
            for (Noise kind : kinds) {
                Samples quiet = new Samples();
                Samples loud = new Samples();
                for (int round = 0; round < rounds; round++) {
                    call(host, victim, n, quiet);
                    noise.during(kind, () -> call(host, victim, n, loud));
                    host.settle();
                }
                Series with = loud.series(kind.text());
                double ratio =
                        Median.ratio(with.p99Micros(), quiet.series("quiet").p99Micros());
                out.printf(Locale.ROOT, "  %-16s p99 %.2f of its quiet rounds%n", kind.text(), ratio);
                series.add(quiet.series("quiet, before " + kind.text()));
                series.add(with);
                ratios.put("p99, %s / quiet".formatted(kind.text()), ratio);
            }
            victim.stop(Duration.ZERO);
        }
        return new Report(
                "sandbox neighbours",
                n,
                series,
                ratios,
                List.of(
                        "each call on a new connection; the noise may use one core of this host and %d MiB"
                                .formatted(NoiseMaker.MEMORY_BYTES >> 20),
                        "%d rounds of each kind, each after a quiet one".formatted(rounds)));
    }

    private static void call(SandboxHost host, Sandbox victim, int n, Samples samples) {
        long begin = System.nanoTime();
        for (int i = 0; i < n; i++) {
            long due = begin + i * PACE.toNanos();
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            samples.add(host.askMicros(victim));
        }
    }
}
