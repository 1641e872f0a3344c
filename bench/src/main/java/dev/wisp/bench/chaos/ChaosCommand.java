package dev.wisp.bench.chaos;

import dev.wisp.bench.cluster.Cluster;
import dev.wisp.bench.cluster.Part;
import dev.wisp.bench.cluster.PrivateMounts;
import dev.wisp.bench.http.HttpConnection;
import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.platform.BenchService;
import dev.wisp.bench.platform.Platform;
import dev.wisp.bench.platform.PlatformOptions;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wisp bench chaos}. */
@Command(
        name = "chaos",
        description = {
            "A platform of its own with each part in a process of its own. Calls come at a steady rate to services that go to zero",
            "and back, while broker, database, controller, autoscaler and billing are killed with -9 at random and started again.",
            "Exit code 1 when a call was not answered, or with 5xx."
        })
public final class ChaosCommand implements Callable<Integer> {

    private static final List<Part> KILLED =
            List.of(Part.BROKER, Part.DATABASE, Part.CONTROLLER, Part.AUTOSCALER, Part.BILLING);

    @Mixin
    PlatformOptions options = new PlatformOptions();

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long (default: ${DEFAULT-VALUE}).")
    int seconds;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description =
                    "Time between two kills (default: ${DEFAULT-VALUE}); longer where a part takes longer to come back.")
    int every;

    @Option(
            names = "--rate",
            paramLabel = "CALLS",
            defaultValue = "200",
            description = "Calls a second (default: ${DEFAULT-VALUE}).")
    int rate;

    @Option(
            names = "--services",
            paramLabel = "N",
            defaultValue = "20",
            description = "Services (default: ${DEFAULT-VALUE}).")
    int services;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "What is killed, in which order (default: ${DEFAULT-VALUE}).")
    long seed;

    @Override
    public Integer call() throws InterruptedException {
        if (seconds < 1 || every < 1 || rate < 1 || services < 1) {
            throw new BenchException("--seconds, --every, --rate and --services: at least 1");
        }
        if (!PrivateMounts.here()) {
            return PrivateMounts.runAgain();
        }
        try (WorkFolder folder = WorkFolder.create();
                Cluster cluster = Cluster.start(options.root(), folder.path());
                Platform controller = cluster.platform(Part.CONTROLLER)) {
            SteadyLoad load =
                    new SteadyLoad(HttpConnection.address(controller.gateway()), deploy(controller), rate, seed);
            Thread calls = Thread.ofPlatform().name("calls").start(() -> load.run(Duration.ofSeconds(seconds)));
            Map<Part, Integer> killed = killUntilEnd(cluster, calls);
            return report(load, killed);
        }
    }

    private List<String> deploy(Platform controller) {
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            hosts.add(
                    BenchService.deploy(controller, "chaos-" + i, options.sampleImage(), Map.of(), Map.of("LOG", "off"))
                            .host());
        }
        return hosts;
    }

    private Map<Part, Integer> killUntilEnd(Cluster cluster, Thread calls) throws InterruptedException {
        Random random = new Random(seed);
        Map<Part, Integer> killed = new LinkedHashMap<>();
        while (!calls.join(Duration.ofSeconds(every))) {
            Part part = KILLED.get(random.nextInt(KILLED.size()));
            Duration away = cluster.killAndStart(part);
            killed.merge(part, 1, Integer::sum);
            System.out.printf(
                    Locale.ROOT, "kill -9 of the %s, ready after %.1f s%n", part.title(), away.toMillis() / 1_000.0);
        }
        return killed;
    }

    private int report(SteadyLoad load, Map<Part, Integer> killed) {
        List<String> notes = new ArrayList<>();
        notes.add("calls by how they ended: " + load.endings());
        killed.forEach((part, times) -> notes.add("%s: killed %d times".formatted(part.title(), times)));
        notes.add("time from the moment a call was due until the end of its answer; the workload takes 5 ms of it");
        load.examples().forEach(example -> notes.add("not 200: " + example));
        long calls =
                load.endings().values().stream().mapToLong(Integer::longValue).sum();
        options.publish(
                new Report(
                        "chaos",
                        calls,
                        List.of(load.warm().series("warm calls"), load.cold().series("cold calls")),
                        Map.of(),
                        notes),
                System.out);
        boolean allAnswered = load.endings().keySet().equals(Set.of("200"));
        System.out.println(allAnswered ? "every call was answered" : "NOT every call was answered");
        return allAnswered ? 0 : 1;
    }
}
