package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Median;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import dev.wisp.node.sandbox.LinuxSandboxConfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Many sandboxes alive at once: do all answer, what does one cost, and how long does the next take to start. A runtime holds three descriptors for each, of which a
 * process may have {@code ulimit -n}: what is more than fits comfortably lives in runtimes of their own.
 */
final class LiveBench {

    static final int SPARE = 64;

    private static final int RUNTIME_MAX = 4_000;
    private static final long IDS_OF_RUNTIME = (long) (RUNTIME_MAX + SPARE) * LinuxSandboxConfig.IDS_OF_SANDBOX;
    private static final int WARM_UP_MAX = 8_000;
    private static final int STARTS = 300;
    private static final int TRACED = 100;

    private final Path root;
    private final int runtimeMax;
    private final int warmUp;
    private final int starts;

    LiveBench(Path root) {
        this(root, RUNTIME_MAX, WARM_UP_MAX, STARTS);
    }

    /**
     * @param runtimeMax most sandboxes of one runtime, 1..4,000
     * @param warmUp starts at most before anything is measured
     * @param starts measured on the empty host and on the full one
     */
    LiveBench(Path root, int runtimeMax, int warmUp, int starts) {
        this.root = root;
        this.runtimeMax = runtimeMax;
        this.warmUp = warmUp;
        this.starts = starts;
    }

    Report run(int live, PrintStream out) {
        List<String> notes = new ArrayList<>();
        int own = Math.min(live, runtimeMax);
        SandboxHost.Size size = new SandboxHost.Size(own + SPARE, 4, 16);
        List<CrowdChild> others = new ArrayList<>();
        try (SandboxHost host = SandboxHost.open(StartBench.program(root), size)) {
            new WarmUp(warmUp).run(() -> starts(host, 1));
            Series empty = starts(host, starts).series("start, nothing else alive");
            steps(host, "nothing else alive", out);
            HostMemory before = HostMemory.now();
            long begin = System.nanoTime();
            Crowd crowd = new Crowd(host);
            crowd.fill(own);
            long charged = crowd.chargedBytes() + fillOthers(live - own, others, out);
            double seconds = (System.nanoTime() - begin) / 1e9;
            notes.add(String.format(
                    Locale.ROOT, "%d started in %.1f s, by %d runtimes", live, seconds, 1 + others.size()));
            notes.add(memory(HostMemory.now().since(before), charged, live));
            Series full = starts(host, starts).series("start, %d others alive".formatted(live));
            steps(host, "%d others alive".formatted(live), out);
            Series answers = ask(crowd, others).series("thaw and answer of each");
            notes.add("all %d answered".formatted(answers.n()));
            crowd.stop();
            return new Report(
                    "sandbox live",
                    live,
                    List.of(empty, full, answers),
                    Map.of("start p50, full / empty", Median.ratio(full.p50Micros(), empty.p50Micros())),
                    notes);
        } finally {
            others.forEach(CrowdChild::close);
        }
    }

    private void steps(SandboxHost host, String when, PrintStream out) {
        StepTable table = StepTable.measure(host, Math.min(TRACED, starts));
        out.printf("%n%s%n", when);
        table.print(out);
    }

    private static Samples starts(SandboxHost host, int n) {
        Samples samples = new Samples();
        for (int i = 0; i < n; i++) {
            SandboxHost.Started started = host.start();
            samples.add(started.micros());
            started.sandbox().stop(Duration.ZERO);
            host.settle();
        }
        return samples;
    }

    /** What the groups of those are charged; one runtime after the other. */
    private long fillOthers(int live, List<CrowdChild> others, PrintStream out) {
        long charged = 0;
        for (int left = live; left > 0; left -= runtimeMax) {
            long uidBase = SandboxHost.UID_BASE + (others.size() + 1) * IDS_OF_RUNTIME;
            CrowdChild child = CrowdChild.start(root, Math.min(left, runtimeMax), uidBase);
            others.add(child);
            charged += child.awaitFilled();
            out.printf("  %d runtimes are filled%n", 1 + others.size());
        }
        return charged;
    }

    /** What a group is charged holds the sandbox's own pages and most of what the kernel keeps for it; the host's figures also hold what is charged to nobody. */
    private static String memory(HostMemory taken, long charged, int n) {
        return String.format(
                Locale.ROOT,
                "memory of one, KiB: %.0f of the host in all, of which kernel %.0f; charged to its group %.0f",
                taken.usedBytes() / 1024.0 / n,
                taken.kernelBytes() / 1024.0 / n,
                charged / 1024.0 / n);
    }

    private static Samples ask(Crowd crowd, List<CrowdChild> others) {
        Samples samples = new Samples();
        crowd.askMicros().forEach(samples::add);
        others.forEach(child -> child.askMicros().forEach(samples::add));
        return samples;
    }
}
