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

    @Override
    public Integer call() {
        if (rounds < 1 || rounds > ROUNDS_MAX || seconds < 1 || connections < 1) {
            throw new BenchException("--rounds: 1..%d, --seconds and --connections: at least 1".formatted(ROUNDS_MAX));
        }
        LoadGenerator load = Programs.find("wrk")
                .<LoadGenerator>map(program -> new Wrk(program, connections))
                .orElseGet(() -> new NioLoad(connections));
        try (Platform platform = options.platform();
                WorkFolder folder = WorkFolder.create();
                BenchService service = deploy(platform)) {
            WarmRun run = new WarmRun(load, seconds);
            run.add("wisp", HttpConnection.address(platform.gateway()), service.host(), platform::cpuMicros);
            Optional<Path> nginx = Programs.find("nginx");
            if (nginx.isEmpty()) {
                run.measure(rounds);
                options.publish(run.report(List.of("nginx skipped: apt-get install nginx-light")), System.out);
                return 0;
            }
            try (NginxProxy proxy = NginxProxy.start(folder.path(), nginx.get(), options.sampleProgram())) {
                run.add("nginx", proxy.address(), "localhost", proxy::cpuMicros);
                run.add("the server itself", proxy.upstreamAddress(), "localhost", () -> 0);
                run.measure(rounds);
                options.publish(run.report(List.of()), System.out);
            }
        }
        return 0;
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
