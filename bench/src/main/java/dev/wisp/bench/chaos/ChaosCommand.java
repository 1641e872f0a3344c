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
            description = "Time between two kills, whether or not what was killed is back (default: ${DEFAULT-VALUE}).")
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
            Map<Part, Kills> killed = killUntilEnd(cluster, calls);
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

    /** How often a part was killed, and how often it was ready by then. */
    private record Kills(int all, int ready) {

        Kills and(Kills more) {
            return new Kills(all + more.all, ready + more.ready);
        }
    }

    private Map<Part, Kills> killUntilEnd(Cluster cluster, Thread calls) throws InterruptedException {
        Random random = new Random(seed);
        Map<Part, Kills> killed = new LinkedHashMap<>();
        long start = System.nanoTime();
        long kills = 0;
        while (!calls.join(untilNext(start, ++kills))) {
            Part part = KILLED.get(random.nextInt(KILLED.size()));
            boolean ready = cluster.killAndGoOn(part);
            killed.merge(part, new Kills(1, ready ? 1 : 0), Kills::and);
            System.out.printf(
                    Locale.ROOT,
                    "%5.1f s: kill -9 of the %s, %s%n",
                    (System.nanoTime() - start) / 1e9,
                    part.title(),
                    ready ? "which was ready" : "which was not back yet");
        }
        return killed;
    }

    private Duration untilNext(long start, long kills) {
        long left = start + Duration.ofSeconds(every * kills).toNanos() - System.nanoTime();
        return Duration.ofNanos(Math.max(1, left));
    }

    private int report(SteadyLoad load, Map<Part, Kills> killed) {
        List<String> notes = new ArrayList<>();
        notes.add("calls by how they ended: " + load.endings());
        killed.forEach((part, kills) ->
                notes.add("%s: killed %d times, %d of them ready".formatted(part.title(), kills.all(), kills.ready())));
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
