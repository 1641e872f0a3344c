package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Median;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import dev.wisp.node.sandbox.Sandbox;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many sandboxes alive at once: do all answer, what does one cost, and how long does the next take to start. */
final class LiveBench {

    private static final int THREADS = 2;
    private static final int WARM_UP_MAX = 8_000;
    private static final int STARTS = 300;
    private static final int SPARE = 64;
    private static final int PROGRESS = 1_000;

    private final Path root;

    LiveBench(Path root) {
        this.root = root;
    }

    Report run(int live, PrintStream out) {
        List<String> notes = new ArrayList<>();
        SandboxHost.Size size = new SandboxHost.Size(live + SPARE, 4, 16);
        try (SandboxHost host = SandboxHost.open(StartBench.program(root), size)) {
            new WarmUp(WARM_UP_MAX).run(() -> starts(host, 1));
            Series empty = starts(host, STARTS).series("start, nothing else alive");
            HostMemory before = HostMemory.now();
            long begin = System.nanoTime();
            List<Sandbox> sandboxes = fill(host, live, out);
            double seconds = (System.nanoTime() - begin) / 1e9;
            HostMemory taken = HostMemory.now().since(before);
            notes.add(String.format(Locale.ROOT, "%d started in %.1f s", live, seconds));
            notes.add(memory(taken, sandboxes));
            Series full = starts(host, STARTS).series("start, %d others alive".formatted(live));
            Series answers = ask(host, sandboxes).series("answer of each of them");
            notes.add("all %d answered".formatted(answers.n()));
            stop(sandboxes);
            return new Report(
                    "sandbox live",
                    live,
                    List.of(empty, full, answers),
                    Map.of("start p50, full / empty", Median.ratio(full.p50Micros(), empty.p50Micros())),
                    notes);
        }
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

    private static List<Sandbox> fill(SandboxHost host, int live, PrintStream out) {
        List<Sandbox> sandboxes = new ArrayList<>(live);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<SandboxHost.Started>> starts = new ArrayList<>();
            for (int i = 0; i < live; i++) {
                starts.add(threads.submit(host::start));
            }
            for (Future<SandboxHost.Started> start : starts) {
                sandboxes.add(start.get().sandbox());
                if (sandboxes.size() % PROGRESS == 0) {
                    out.printf("  %d alive%n", sandboxes.size());
                }
            }
            return sandboxes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        } catch (ExecutionException e) {
            throw new BenchException("start number %d failed: %s".formatted(sandboxes.size() + 1, e.getCause()), e);
        }
    }

    /** What a group is charged holds the sandbox's own pages and most of what the kernel keeps for it; the host's figures also hold what is charged to nobody. */
    private static String memory(HostMemory taken, List<Sandbox> sandboxes) {
        long charged = sandboxes.stream()
                .mapToLong(sandbox -> sandbox.usage().memoryBytes())
                .sum();
        int n = sandboxes.size();
        return String.format(
                Locale.ROOT,
                "memory of one, KiB: %.0f of the host in all, of which kernel %.0f; charged to its group %.0f",
                taken.usedBytes() / 1024.0 / n,
                taken.kernelBytes() / 1024.0 / n,
                charged / 1024.0 / n);
    }

    private static Samples ask(SandboxHost host, List<Sandbox> sandboxes) {
        Samples samples = new Samples();
        sandboxes.forEach(sandbox -> samples.add(host.askMicros(sandbox)));
        return samples;
    }

    private static void stop(List<Sandbox> sandboxes) {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            sandboxes.forEach(sandbox -> threads.execute(() -> sandbox.stop(Duration.ZERO)));
        }
    }
}
