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
import java.util.function.Supplier;

/** Follows a deployed service until it serves, printing each phase once, with the seconds since the command began. */
final class Rollout {

    /** How long the platform holds the question when nothing new has happened. */
    private static final int ASK_SECONDS = 10;

    private static final Duration SERVICE_POLL = Duration.ofMillis(20);
    private static final Duration STORE_PAUSE = Duration.ofMillis(300);
    private static final String STORE_UNAVAILABLE = "E1805";
    private static final Map<String, String> TITLES =
            Map.of("image", "Image pulled", "unpack", "Image unpacked", "start", "Instance started");

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
        JsonNode progress = patiently(() -> ask(generation, 0), end);
        while (!progress.path("done").asBoolean()) {
            checkTime(end, timeout);
            long version = progress.path("version").asLong();
            progress = patiently(() -> ask(generation, version), end);
        }
        if (!progress.path("state").asText().equals("READY")) {
            throw failure(progress);
        }
        return awaitTraffic(generation, end, timeout);
    }

    /** Answers at once when the deployment is not at this version, else when it moves on. */
    private JsonNode ask(long generation, long version) {
        JsonNode progress = api.get("%s?generation=%d&version=%d&wait=%d"
                .formatted(ServicePath.progress(namespace, name), generation, version, ASK_SECONDS));
        JsonNode phases = progress.path("phases");
        for (; printed < phases.size(); printed++) {
            print(phases.get(printed));
        }
        return progress;
    }

    /** The deployment was accepted and goes on, so a store that is away for a moment is waited for. */
    private static JsonNode patiently(Supplier<JsonNode> question, long end) {
        while (true) {
            try {
                return question.get();
            } catch (CliException e) {
                if (!e.code().equals(STORE_UNAVAILABLE) || System.nanoTime() > end) {
                    throw e;
                }
                pause(STORE_PAUSE);
            }
        }
    }

    private void print(JsonNode phase) {
        String name = phase.path("name").asText();
        String title = TITLES.get(name);
        String time = "in " + Units.micros(phase.path("micros").asLong());
        String detail = phase.path("detail").asText();
        console.phase(
                watch.millis(),
                title == null ? capitalized(name) : title,
                detail.isEmpty() ? time : detail + ", " + time);
    }

    /** A revision that is ready gets its traffic in the platform's next step. */
    private JsonNode awaitTraffic(long generation, long end, Duration timeout) {
        while (true) {
            JsonNode service = patiently(() -> api.get(ServicePath.one(namespace, name)), end);
            boolean observed = service.path("status").path("observedGeneration").asLong() >= generation;
            JsonNode ready = Services.condition(service, "Ready");
            if (observed && ready.path("status").asText().equals("True")) {
                return service;
            }
            if (observed && ready.path("status").asText().equals("False")) {
                throw CliException.of(
                                ExitCode.FAILED,
                                "service '%s' is not ready: %s"
                                        .formatted(name, ready.path("message").asText()))
                        .hint("wisp services describe " + name);
            }
            checkTime(end, timeout);
            pause(SERVICE_POLL);
        }
    }

    private CliException failure(JsonNode progress) {
        JsonNode problem = progress.path("problem");
        String revision = progress.path("revision").asText();
        CliException failure = problem.hasNonNull("detail")
                ? Problems.of(problem)
                : CliException.of(
                        ExitCode.FAILED,
                        "revision '%s' is not ready: %s"
                                .formatted(
                                        revision,
                                        progress.path("state")
                                                .asText()
                                                .toLowerCase(Locale.ROOT)
                                                .replace('_', ' ')));
        String traffic = progress.path("traffic").asText();
        return failure.because(traffic.isEmpty() ? "no revision serves yet" : "traffic stays on " + traffic)
                .hint("wisp logs %s ; wisp services describe %s".formatted(name, name));
    }

    private void checkTime(long end, Duration timeout) {
        if (System.nanoTime() > end) {
            throw CliException.of(
                            ExitCode.TIMEOUT, "service '%s' is not ready after %s".formatted(name, Units.age(timeout)))
                    .because("it goes on becoming ready; only the waiting has ended")
                    .hint("wisp services describe " + name);
        }
    }

    private static String capitalized(String name) {
        return name.isEmpty() ? "Step" : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.of(ExitCode.FAILED, "interrupted");
        }
    }
}
