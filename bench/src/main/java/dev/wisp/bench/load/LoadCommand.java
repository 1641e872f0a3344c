package dev.wisp.bench.load;

import dev.wisp.bench.load.LoadRun.Outcome;
import dev.wisp.bench.load.SettlePolicy.Window;
import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.platform.BenchService;
import dev.wisp.bench.platform.BenchService.Template;
import dev.wisp.bench.platform.OwnPlatform;
import dev.wisp.bench.platform.Platform;
import dev.wisp.bench.platform.PlatformOptions;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wisp bench load}. */
@Command(
        name = "load",
        description = {
            "A platform of its own, and a service at zero that is called by many at once: a step, a sine, spikes, and a step with",
            "a roll-out and an instance that crashes every second in its middle third. How soon the 99th percentile is within half as",
            "much again as in steady state. Exit code 1 when a call was answered with 5xx or not at all."
        })
public final class LoadCommand implements Callable<Integer> {

    @Mixin
    PlatformOptions options = new PlatformOptions();

    @Option(
            names = "--callers",
            paramLabel = "N",
            defaultValue = "200",
            description = "Calls at once (default: ${DEFAULT-VALUE}).")
    int callers;

    @Option(
            names = "--work-ms",
            paramLabel = "MS",
            defaultValue = "50",
            description = "How long the workload waits before it answers (default: ${DEFAULT-VALUE}).")
    int workMillis;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "10",
            description = "containerConcurrency of the service (default: ${DEFAULT-VALUE}).")
    int concurrency;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Length of each run (default: ${DEFAULT-VALUE}).")
    int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "Length of a step before the first run that is not counted (default: ${DEFAULT-VALUE}).")
    int warmUpSeconds;

    @Option(
            names = "--runs",
            paramLabel = "RUN",
            split = ",",
            defaultValue = "step,sine,spike,trouble",
            description = "Which, in this order (default: ${DEFAULT-VALUE}).")
    List<String> runs = List.of();

    @Option(
            names = "--plots",
            paramLabel = "DIR",
            description = "Draw each run there: load-step.svg, load-sine.svg and so on.")
    @Nullable
    Path plots;

    private final List<Series> series = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long bad;

    @Override
    public Integer call() throws InterruptedException {
        if (callers < 1 || workMillis < 0 || concurrency < 0 || seconds < 3) {
            throw new BenchException(
                    "--callers: at least 1, --work-ms and --concurrency: at least 0, --seconds: at least 3");
        }
        try (WorkFolder folder = WorkFolder.create();
                OwnPlatform own = OwnPlatform.start(options.root(), folder.path());
                BenchService service = deploy(own.platform())) {
            LoadRun run = new LoadRun(own.platform(), service, workMillis, callers);
            Duration time = Duration.ofSeconds(seconds);
            if (warmUpSeconds > 0) {
                run.calm(LoadShape.STEP, Duration.ofSeconds(warmUpSeconds));
            }
            for (String name : runs) {
                tell(name, run, time);
            }
        }
        notes.add(
                "callers that call again once they are answered; the workload waits %d ms, %d calls at once an instance"
                        .formatted(workMillis, concurrency));
        options.publish(
                new Report("load", series.stream().mapToLong(Series::n).sum(), series, Map.of(), notes), System.out);
        System.out.println(
                bad == 0 ? "every call was answered" : "NOT every call was answered: %d were not".formatted(bad));
        return bad == 0 ? 0 : 1;
    }

    private void tell(String name, LoadRun run, Duration time) throws InterruptedException {
        if (name.equals("trouble")) {
            tell(run.troubled(LoadShape.STEP, time), LoadShape.STEP);
        } else {
            LoadShape shape = LoadShape.named(name);
            tell(run.calm(shape, time), shape);
        }
    }

    private BenchService deploy(Platform platform) {
        return BenchService.deploy(
                platform,
                "load",
                options.sampleImage(),
                new Template(Map.of(), Map.of("LOG", "off"), concurrency, "32Mi"));
    }

    private void tell(Outcome outcome, LoadShape shape) {
        Samples warm = new Samples();
        Samples waited = new Samples();
        Map<String, Integer> endings = new TreeMap<>();
        for (Call call : outcome.calls()) {
            endings.merge(call.ending(), 1, Integer::sum);
            (call.cold() ? waited : warm).add(call.micros());
        }
        series.add(warm.series(outcome.name() + ", warm"));
        series.add(waited.series(outcome.name() + ", cold"));
        bad += outcome.calls().stream().filter(call -> !call.isGood()).count();
        notes.add("%s: calls by how they ended %s, most instances %d%s%s"
                .formatted(
                        outcome.name(),
                        endings,
                        outcome.scale().stream().mapToInt(Scale::ready).max().orElse(0),
                        outcome.crashed() == 0 ? "" : ", %d crashed".formatted(outcome.crashed()),
                        shape == LoadShape.STEP ? settled(outcome) : ""));
        if (plots != null) {
            draw(outcome, shape, plots);
        }
    }

    private static String settled(Outcome outcome) {
        List<Window> windows = SettlePolicy.windows(outcome.calls());
        long steady = SettlePolicy.steadyMicros(outcome.calls(), outcome.time().toNanos() / 1_000);
        long settled = SettlePolicy.settledMicros(windows, steady);
        return String.format(
                Locale.ROOT,
                "; p99 in the last third %.1f ms, within 1.5 times that after %s",
                steady / 1_000.0,
                settled < 0 ? "no time" : String.format(Locale.ROOT, "%.2f s", settled / 1e6));
    }

    private void draw(Outcome outcome, LoadShape shape, Path folder) {
        Path file = folder.resolve("load-%s.svg".formatted(outcome.name().replace(' ', '-')));
        try {
            Files.createDirectories(folder);
            Files.writeString(file, LoadPlot.svg(outcome, shape, callers));
            notes.add("drawn to " + file);
        } catch (IOException e) {
            throw new BenchException("cannot write %s: %s".formatted(file, e), e);
        }
    }
}
