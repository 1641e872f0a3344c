package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Median;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import dev.wisp.contracts.revision.NetworkSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** What a way out adds to a start: none, one from those held ready, and one made while the start waits, in turn. */
final class EgressBench {

    private static final int WARM_UP = 300;
    private static final SandboxHost.Size SIZE = new SandboxHost.Size(64, 4, 16);
    private static final NetworkSpec EGRESS = new NetworkSpec(NetworkSpec.Mode.EGRESS, List.of());
    private static final long UIDS = 0x0400_0000L;

    private final Path root;

    EgressBench(Path root) {
        this.root = root;
    }

    Report run(int n) {
        Path program = StartBench.program(root);
        String own = SandboxHost.prefix(ProcessHandle.current().pid());
        Samples none = new Samples();
        Samples ready = new Samples();
        Samples made = new Samples();
        try (Uplink uplink = new Uplink();
                SandboxHost ahead = SandboxHost.open(
                        program, SIZE, uplink.config(own + "a", "198.19.0.0/17", 1), SandboxHost.UID_BASE);
                SandboxHost onTheSpot = SandboxHost.open(
                        program, SIZE, uplink.config(own + "s", "198.19.128.0/17", 0), SandboxHost.UID_BASE + UIDS)) {
            for (int i = 0; i < n + WARM_UP; i++) {
                boolean counts = i >= WARM_UP;
                one(ahead, NetworkSpec.NONE, counts, none);
                awaitReady(ahead, i);
                one(ahead, EGRESS, counts, ready);
                one(onTheSpot, EGRESS, counts, made);
            }
        }
        List<Series> series = List.of(
                none.series("no network"), ready.series("egress, held ready"), made.series("egress, made on the spot"));
        return new Report(
                "sandbox egress",
                n,
                series,
                Map.of(
                        "ready / none p50",
                        Median.ratio(series.get(1).p50Micros(), series.get(0).p50Micros())),
                List.of(
                        "call until the first byte of the answer; the pools are full again before the next",
                        "the uplink is a network namespace of the benchmark's own; no packet leaves the machine"));
    }

    private static void one(SandboxHost host, NetworkSpec network, boolean counts, Samples samples) {
        host.settle();
        SandboxHost.Started started = host.startWith(network);
        started.sandbox().stop(Duration.ZERO);
        if (counts) {
            samples.add(started.micros());
        }
    }

    private static void awaitReady(SandboxHost host, int round) {
        while (round > 0 && host.runtime().readyWaysOut() == 0) {
            LockSupport.parkNanos(200_000);
        }
    }
}
