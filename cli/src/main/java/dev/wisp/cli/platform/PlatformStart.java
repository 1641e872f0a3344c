package dev.wisp.cli.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.http.Endpoint;
import dev.wisp.cli.http.HttpClient;
import dev.wisp.cli.http.Request;
import dev.wisp.cli.http.Response;
import dev.wisp.cli.service.Stopwatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts the platform's process, detached, and waits until it is ready, printing what becomes true and when. */
final class PlatformStart {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration STOP_GRACE = Duration.ofSeconds(15);
    private static final long LOG_BYTES_KEPT = 16L << 20;
    private static final int LOG_LINES_SHOWN = 20;

    private static final Map<String, String> TITLES = Map.of(
            "jvm", "Java started",
            "kafka", "Kafka ready",
            "postgres", "Postgres ready",
            "schema", "Schema ready",
            "services", "Services started");

    private final Home home;
    private final Console console;
    private final Stopwatch watch;
    private int printed;

    PlatformStart(Home home, Console console, Stopwatch watch) {
        this.home = home;
        this.console = console;
        this.watch = watch;
    }

    /** Returns when the platform is ready; when it does not become so, ends what was started and fails with the log's end. */
    void run(PlatformCommandLine command, Endpoint api, Duration timeout) throws IOException {
        rotateLog();
        Files.deleteIfExists(home.startup());
        long offset = watch.millis();
        Process process = detached(command);
        long end = System.nanoTime() + timeout.toNanos();
        try {
            while (!ready(api)) {
                printPhases(offset);
                if (!process.isAlive()) {
                    throw CliException.of(
                            ExitCode.FAILED,
                            "the platform ended while starting, with exit code " + process.exitValue());
                }
                if (System.nanoTime() > end) {
                    throw CliException.of(
                            ExitCode.TIMEOUT, "the platform is not ready after %d s".formatted(timeout.toSeconds()));
                }
                process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
            }
            printPhases(offset);
        } catch (CliException e) {
            stop(process.toHandle());
            throw e.showing(home.logTail(LOG_LINES_SHOWN)).hint("the whole log: " + home.log());
        } catch (InterruptedException e) {
            stop(process.toHandle());
            Thread.currentThread().interrupt();
            throw CliException.of(ExitCode.FAILED, "interrupted; the platform was stopped");
        }
    }

    /** In a session of its own, so that neither a closed terminal nor its Ctrl-C reaches it. */
    private Process detached(PlatformCommandLine command) throws IOException {
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(home.log().toFile());
        return command.process("setsid")
                .directory(home.folder().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log)
                .redirectError(log)
                .start();
    }

    private static boolean ready(Endpoint api) {
        try (Response response = HttpClient.send(api, Request.get("/q/health/ready"), Duration.ofSeconds(2))) {
            return response.status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Lines of {@code {"phase":"postgres","ms":412}}; the last may be half written. */
    private void printPhases(long offset) throws IOException {
        if (!Files.isRegularFile(home.startup())) {
            return;
        }
        List<String> lines = Files.readString(home.startup()).lines().toList();
        for (; printed < lines.size() && lines.get(printed).endsWith("}"); printed++) {
            JsonNode line = Json.parse(lines.get(printed));
            String phase = line.path("phase").asText();
            if (line.hasNonNull("error")) {
                console.warn("%s: %s".formatted(phase, line.path("error").asText()));
            } else {
                console.phase(offset + line.path("ms").asLong(), TITLES.getOrDefault(phase, phase), "");
            }
        }
    }

    private void rotateLog() throws IOException {
        if (Files.isRegularFile(home.log()) && Files.size(home.log()) > LOG_BYTES_KEPT) {
            Files.move(home.log(), home.log().resolveSibling("wisp.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void stop(ProcessHandle process) {
        ProcessStop.end(process, STOP_GRACE);
        home.orphanedPostgres().ifPresent(postgres -> ProcessStop.end(postgres, STOP_GRACE));
    }
}
