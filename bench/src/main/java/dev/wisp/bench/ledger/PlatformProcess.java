package dev.wisp.bench.ledger;

import dev.wisp.bench.platform.Platform;
import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Starts and kills the platform. */
final class PlatformProcess {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration DEATH_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Platform platform;
    private final String startCommand;
    private final Path log;

    PlatformProcess(Platform platform, String startCommand, Path log) {
        this.platform = platform;
        this.startCommand = startCommand;
        this.log = log;
    }

    boolean isRunning() {
        return Files.exists(platform.home().resolve("run/wisp.pid")) && platform.isReady();
    }

    /** Runs the start command and waits until the platform is ready; returns how long that took. */
    Duration start() throws InterruptedException {
        long start = System.nanoTime();
        try {
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", startCommand)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectInput(Path.of("/dev/null").toFile());
            builder.environment().put("WISP_HOME", platform.home().toString());
            Process process = builder.start();
            long end = start + START_TIMEOUT.toNanos();
            while (!platform.isReady()) {
                if (System.nanoTime() > end || (!process.isAlive() && process.exitValue() != 0)) {
                    throw new BenchException(
                            "the platform did not start with: %s\n%s".formatted(startCommand, Files.readString(log)));
                }
                process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (IOException e) {
            throw new BenchException("cannot run %s: %s".formatted(startCommand, e), e);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** {@code kill -9} of the platform's process, and nothing else. */
    void kill() throws InterruptedException {
        ProcessHandle process = ProcessHandle.of(platform.pid()).orElseThrow();
        process.destroyForcibly();
        long end = System.nanoTime() + DEATH_TIMEOUT.toNanos();
        while (process.isAlive()) {
            if (System.nanoTime() > end) {
                throw new BenchException("process %d did not die of SIGKILL".formatted(process.pid()));
            }
            Thread.sleep(POLL);
        }
    }
}
