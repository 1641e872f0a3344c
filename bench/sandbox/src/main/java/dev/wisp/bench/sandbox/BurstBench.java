package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Median;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many starts at the very same time, from the pool a node has by default. */
final class BurstBench {

    private static final int WARM_UP_MAX = 4_000;
    private static final SandboxHost.Size SIZE = new SandboxHost.Size(256, 4, 16);

    private final Path root;
    private final int burst;
    private final int warmUp;

    BurstBench(Path root, int burst) {
        this(root, burst, WARM_UP_MAX);
    }

    /** @param warmUp starts at most before anything is measured */
    BurstBench(Path root, int burst, int warmUp) {
        this.root = root;
        this.burst = burst;
        this.warmUp = warmUp;
    }

    Report run(int rounds) {
        Samples samples = new Samples();
        try (SandboxHost host = SandboxHost.open(StartBench.program(root), SIZE);
                ExecutorService threads = Executors.newFixedThreadPool(burst)) {
            new WarmUp(warmUp).run(() -> host.start().sandbox().stop(Duration.ZERO));
            for (int i = 0; i < rounds; i++) {
                host.settle();
                round(host, threads, samples);
            }
        }
        Series series = samples.series("wisp, %d at once".formatted(burst));
        return new Report(
                "sandbox burst",
                series.n(),
                List.of(series),
                Map.of("p99 / p50", Median.ratio(series.p99Micros(), series.p50Micros())),
                List.of("each from the common signal until its first answer; %d rounds".formatted(rounds)));
    }

    private void round(SandboxHost host, ExecutorService threads, Samples samples) {
        CountDownLatch signal = new CountDownLatch(1);
        List<Future<SandboxHost.Started>> starts = new ArrayList<>();
        for (int i = 0; i < burst; i++) {
            starts.add(threads.submit(() -> {
                signal.await();
                return host.start();
            }));
        }
        signal.countDown();
        try {
            for (Future<SandboxHost.Started> start : starts) {
                samples.add(start.get().micros());
            }
            for (Future<SandboxHost.Started> start : starts) {
                start.get().sandbox().stop(Duration.ZERO);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        } catch (ExecutionException e) {
            throw new BenchException("a start in the burst failed: " + e.getCause(), e);
        }
    }
}
