package dev.wisp.bench.warm;

import dev.wisp.bench.http.HttpConnection;
import dev.wisp.bench.peer.NginxProxy;
import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.platform.BenchService;
import dev.wisp.bench.platform.Platform;
import dev.wisp.bench.platform.PlatformOptions;
import dev.wisp.bench.process.Programs;
import dev.wisp.bench.report.BenchException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wisp bench warm}. */
@Command(
        name = "warm",
        description = {
            "Requests per second and latency of a running instance through the platform, and in turn of the same server",
            "behind nginx as a proxy and by itself; with the processor time that each request takes."
        })
public final class WarmCommand implements Callable<Integer> {

    private static final int ROUNDS_MAX = 1_000;
    private static final int PACED_MAX = 100_000;

    /** Between two looks at memory. */
    private static final int SOAK_SECONDS = 20;

    @Mixin
    PlatformOptions options = new PlatformOptions();

    @Option(
            names = {"--rounds", "--n"},
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds of each (default: ${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "4",
            description = "Length of a round (default: ${DEFAULT-VALUE}).")
    int seconds;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "32",
            description = "Kept connections (default: ${DEFAULT-VALUE}).")
    int connections;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description =
                    "At most so long before the first round, until a call takes the same processor time (default: ${DEFAULT-VALUE}).")
    int warmUp;

    @Option(
            names = "--paced",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "Then as many rounds of N calls a second, one after the other; 0 for none (default: ${DEFAULT-VALUE}).")
    int paced;

    @Option(
            names = "--soak",
            paramLabel = "CALLS",
            defaultValue = "0",
            description = "Instead, so many calls to the platform alone; fails when its memory grows meanwhile.")
    long soak;

    @Override
    public Integer call() {
        if (rounds < 1 || rounds > ROUNDS_MAX || seconds < 1 || connections < 1) {
            throw new BenchException("--rounds: 1..%d, --seconds and --connections: at least 1".formatted(ROUNDS_MAX));
        }
        if (warmUp < 0 || paced < 0 || paced > PACED_MAX || soak < 0) {
            throw new BenchException("--warm-up and --soak: at least 0, --paced: 0..%d".formatted(PACED_MAX));
        }
        LoadGenerator load = Programs.find("wrk")
                .<LoadGenerator>map(program -> new Wrk(program, connections))
                .orElseGet(() -> new NioLoad(connections));
        try (Platform platform = options.platform();
                BenchService service = deploy(platform)) {
            return soak > 0 ? soak(platform, service, load) : compare(platform, service, load);
        }
    }

    private int soak(Platform platform, BenchService service, LoadGenerator load) {
        SoakRun run = new SoakRun(load, SOAK_SECONDS, platform::pid, System.out);
        return run.run(HttpConnection.address(platform.gateway()), service.host(), soak) ? 0 : 1;
    }

    private int compare(Platform platform, BenchService service, LoadGenerator load) {
        WarmRun run = new WarmRun(load, seconds, platform::pid);
        run.add("wisp", HttpConnection.address(platform.gateway()), service.host(), platform::cpuMicros);
        Optional<Path> nginx = Programs.find("nginx");
        if (nginx.isEmpty()) {
            measure(run, List.of("nginx skipped: apt-get install nginx-light"));
            return 0;
        }
        try (WorkFolder folder = WorkFolder.create();
                NginxProxy proxy = NginxProxy.start(folder.path(), nginx.get(), options.sampleProgram())) {
            run.add("nginx", proxy.address(), "localhost", proxy::cpuMicros);
            run.add("the server itself", proxy.upstreamAddress(), "localhost", () -> 0);
            measure(run, List.of());
        }
        return 0;
    }

    private void measure(WarmRun run, List<String> notes) {
        run.warmUp(warmUp);
        run.measure(rounds);
        if (paced > 0) {
            run.pace(paced, rounds);
        }
        options.publish(WarmReport.of(run, notes), System.out);
    }

    /** One instance that stays and takes every connection, as nginx has one server behind it. */
    private BenchService deploy(Platform platform) {
        return BenchService.deploy(
                platform,
                "warm",
                options.sampleImage(),
                Map.of(
                        "autoscaling.knative.dev/min-scale", "1",
                        "autoscaling.knative.dev/max-scale", "1",
                        "wisp.dev/keep-alive", "60s"),
                Map.of("LOG", "off"));
    }
}
