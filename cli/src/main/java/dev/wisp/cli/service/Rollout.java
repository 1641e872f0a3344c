package dev.wisp.cli.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.api.Api;
import dev.wisp.cli.api.Problems;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Units;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Follows a deployed service until it serves, printing each phase once, with the seconds since the command began. */
final class Rollout {

    private static final Duration POLL = Duration.ofMillis(40);
    private static final Map<String, String> NAMES = Map.of(
            "image", "Image pulled", "pull", "Image pulled", "unpack", "Image unpacked", "start", "Instance started");

    private final Api api;
    private final Console console;
    private final String namespace;
    private final String name;
    private final Stopwatch watch;
    private int printed;

    Rollout(Api api, Console console, String namespace, String name, Stopwatch watch) {
        this.api = api;
        this.console = console;
        this.namespace = namespace;
        this.name = name;
        this.watch = watch;
    }

    /**
     * Waits for the generation to be ready and returns the service then.
     *
     * @throws CliException when it failed, with the reason, or when the time is over
     */
    JsonNode await(long generation, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            JsonNode service = api.get(ServicePath.one(namespace, name));
            printPhases(generation);
            if (observed(service) >= generation && ready(service).equals("True")) {
                return service;
            }
            if (observed(service) >= generation && ready(service).equals("False")) {
                throw failure(service);
            }
            if (System.nanoTime() > end) {
                throw CliException.of(
                                ExitCode.TIMEOUT,
                                "service '%s' is not ready after %s".formatted(name, Units.age(timeout)))
                        .because("it goes on becoming ready; only the waiting has ended")
                        .hint("wisp services describe " + name);
            }
            pause();
        }
    }

    /** Prints what the nodes have done since the last look. */
    private void printPhases(long generation) {
        Optional<JsonNode> progress = progress();
        if (progress.isEmpty() || progress.get().path("generation").asLong(generation) != generation) {
            return;
        }
        JsonNode phases = progress.get().path("phases");
        for (; printed < phases.size(); printed++) {
            JsonNode phase = phases.get(printed);
            String detail = phase.path("detail").asText();
            String time = "in " + Units.micros(phase.path("micros").asLong());
            console.phase(
                    watch.millis(), title(phase.path("name").asText()), detail.isEmpty() ? time : detail + ", " + time);
        }
    }

    private Optional<JsonNode> progress() {
        return api.find(ServicePath.progress(namespace, name));
    }

    private CliException failure(JsonNode service) {
        JsonNode problem = progress()
                .map(progress -> progress.path("problem"))
                .filter(node -> node.hasNonNull("detail"))
                .orElse(null);
        JsonNode condition = Services.condition(service, "Ready");
        CliException failure = problem != null
                ? Problems.of(problem)
                : CliException.of(
                        ExitCode.FAILED,
                        "service '%s' is not ready: %s"
                                .formatted(name, condition.path("message").asText()));
        String serving = Services.traffic(service);
        return failure.because(serving.isEmpty() ? "no revision serves yet" : "traffic stays: " + serving)
                .hint("wisp logs %s ; wisp services describe %s".formatted(name, name));
    }

    private static String title(String phase) {
        String known = NAMES.get(phase);
        return known != null
                ? known
                : phase.isEmpty() ? "Step" : phase.substring(0, 1).toUpperCase(Locale.ROOT) + phase.substring(1);
    }

    private static long observed(JsonNode service) {
        return service.path("status").path("observedGeneration").asLong();
    }

    private static String ready(JsonNode service) {
        return Services.condition(service, "Ready").path("status").asText();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.of(ExitCode.FAILED, "interrupted");
        }
    }
}
