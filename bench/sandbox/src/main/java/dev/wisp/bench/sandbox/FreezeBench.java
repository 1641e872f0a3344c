package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import dev.wisp.node.sandbox.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An idle sandbox is frozen, and thawed when it is called. */
final class FreezeBench {

    private static final int WARM_UP = 200;
    private static final SandboxHost.Size SIZE = new SandboxHost.Size(16, 1, 2);

    private final Path root;

    FreezeBench(Path root) {
        this.root = root;
    }

    Report run(int n) {
        Samples freeze = new Samples();
        Samples thaw = new Samples();
        Samples thawed = new Samples();
        Samples awake = new Samples();
        try (SandboxHost host = SandboxHost.open(StartBench.program(root), SIZE)) {
            Sandbox sandbox = host.start().sandbox();
            for (int i = 0; i < n + WARM_UP; i++) {
                boolean counts = i >= WARM_UP;
                long begin = System.nanoTime();
                SandboxHost.freeze(sandbox);
                long frozen = System.nanoTime();
                sandbox.thaw();
                long running = System.nanoTime();
                host.askMicros(sandbox);
                long answered = System.nanoTime();
                long again = host.askMicros(sandbox);
                if (counts) {
                    freeze.add((frozen - begin) / 1_000);
                    thaw.add((running - frozen) / 1_000);
                    thawed.add((answered - frozen) / 1_000);
                    awake.add(again);
                }
            }
            sandbox.stop(Duration.ZERO);
        }
        List<Series> series = List.of(
                thawed.series("thaw until the first answer"),
                thaw.series("  of which thaw"),
                awake.series("answer of one awake"),
                freeze.series("freeze"));
        return new Report(
                "sandbox freeze",
                n,
                series,
                Map.of(),
                List.of("every answer on a new connection; the freezer of the control groups"));
    }
}
