package dev.wisp.bench.sandbox;

import dev.wisp.bench.peer.OciPeer;
import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.process.OwnCpu;
import dev.wisp.bench.process.Programs;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Median;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/** Create, answer once, destroy, without a pause: how many a second the host can take. */
final class ChurnBench {

    /** One more than the smallest host has processors: a start waits for its child now and then, and with two a tenth of both stood idle. */
    private static final int THREADS = 3;

    private static final int WARM_UP_MAX = 8_000;
    private static final SandboxHost.Size SIZE = new SandboxHost.Size(256, 4, 16);

    private final Path root;
    private final boolean alone;
    private final int warmUpMax;

    ChurnBench(Path root, boolean alone) {
        this(root, alone, WARM_UP_MAX);
    }

    /**
     * @param warmUpMax cycles before anything counts, at most
     */
    ChurnBench(Path root, boolean alone, int warmUpMax) {
        this.root = root;
        this.alone = alone;
        this.warmUpMax = warmUpMax;
    }

    /** What a churn was made of. */
    private record Churned(Series series, String note) {}

    /** crun gets half the time, in two parts, one before and one after. */
    Report run(Duration length) {
        List<String> notes = new ArrayList<>();
        List<Series> series = new ArrayList<>();
        Map<String, Double> ratios = new LinkedHashMap<>();
        Path program = StartBench.program(root);
        boolean withCrun = !alone && Programs.find("crun").isPresent();
        try (WorkFolder folder = WorkFolder.create()) {
            Churned crunBefore = withCrun ? crun(folder.path().resolve("before"), program, length.dividedBy(4)) : null;
            Churned own = own(program, length);
            series.add(own.series());
            notes.add(own.note());
            if (crunBefore != null) {
                Churned crunAfter = crun(folder.path().resolve("after"), program, length.dividedBy(4));
                for (Churned crun : List.of(crunBefore, crunAfter)) {
                    series.add(crun.series());
                    notes.add(crun.note());
                }
                double rate = Median.of(List.of(rate(crunBefore.series()), rate(crunAfter.series())));
                ratios.put("wisp / crun run, rate", Median.ratio(rate(own.series()), rate));
            } else {
                notes.add("crun left out");
            }
        }
        notes.add("%d threads, each: create, first answer, destroy; nothing of a sandbox is used again"
                .formatted(THREADS));
        return new Report("sandbox churn", series.getFirst().n(), series, ratios, notes);
    }

    private static double rate(Series series) {
        Double rate = series.perSecond();
        return rate == null ? 0 : rate;
    }

    private Churned own(Path program, Duration length) {
        try (SandboxHost host = SandboxHost.open(program, SIZE)) {
            LongSupplier cycle = () -> cycle(host);
            new WarmUp(warmUpMax).run(() -> cycle(host));
            HostCpu hostBefore = HostCpu.now();
            long ownBefore = OwnCpu.micros();
            long childrenBefore = OwnCpu.childrenMicros();
            Series series = churn("wisp", length, Collections.nCopies(THREADS, cycle));
            HostCpu busy = HostCpu.now().since(hostBefore);
            double n = series.n();
            double runtime = (OwnCpu.micros() - ownBefore) / n;
            double children = (OwnCpu.childrenMicros() - childrenBefore) / n;
            String note = String.format(
                    Locale.ROOT,
                    "wisp: host %.0f%% busy; a cycle: %.0f µs of the whole host's processors, of which %.0f the runtime, %.0f the"
                            + " sandbox, %.0f others, among them the kernel's threads that free namespaces and groups",
                    100.0 * busy.busyMicros() / busy.allMicros(),
                    busy.busyMicros() / n,
                    runtime,
                    children,
                    busy.busyMicros() / n - runtime - children);
            return new Churned(series.withCpuMicros(runtime + children), note);
        }
    }

    private static long cycle(SandboxHost host) {
        long start = System.nanoTime();
        host.start().sandbox().stop(Duration.ZERO);
        return (System.nanoTime() - start) / 1_000;
    }

    /** This process waits for the first answer of what crun starts, and takes processors from it to do so: the note says how much. */
    private Churned crun(Path folder, Path program, Duration length) {
        List<OciPeer> peers = new ArrayList<>();
        try {
            for (int i = 0; i < THREADS; i++) {
                peers.add(OciPeer.open("crun", folder.resolve(Integer.toString(i)), program, root));
            }
            HostCpu hostBefore = HostCpu.now();
            long ownBefore = OwnCpu.micros();
            Series series = churn(
                    "crun run",
                    length,
                    peers.stream().<LongSupplier>map(peer -> peer::startMicros).toList());
            HostCpu busy = HostCpu.now().since(hostBefore);
            String note = String.format(
                    Locale.ROOT,
                    "crun: host %.0f%% busy; a cycle: %.0f µs of the whole host's processors, of which %.0f this benchmark, waiting for the answer",
                    100.0 * busy.busyMicros() / busy.allMicros(),
                    (double) busy.busyMicros() / series.n(),
                    (double) (OwnCpu.micros() - ownBefore) / series.n());
            return new Churned(series, note);
        } finally {
            peers.forEach(OciPeer::close);
        }
    }

    private static Series churn(String name, Duration length, List<LongSupplier> cycles) {
        Samples all = new Samples();
        long begin = System.nanoTime();
        long end = begin + length.toNanos();
        try (ExecutorService threads = Executors.newFixedThreadPool(cycles.size())) {
            List<Future<Samples>> results = cycles.stream()
                    .map(cycle -> threads.submit(() -> repeat(cycle, end)))
                    .toList();
            for (Future<Samples> result : results) {
                all.addAll(result.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        } catch (ExecutionException e) {
            throw new BenchException(name + ": " + e.getCause(), e);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return all.series(name).withPerSecond(all.count() / seconds);
    }

    private static Samples repeat(LongSupplier cycle, long end) {
        Samples samples = new Samples();
        while (System.nanoTime() < end) {
            samples.add(cycle.getAsLong());
        }
        return samples;
    }
}
