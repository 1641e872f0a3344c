package dev.wisp.bench.cluster;

import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A process that this one starts. */
final class ProcessMember extends Member {

    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final int LOG_TAIL = 4_000;

    private final List<String> command;
    private final Path log;
    private final BooleanSupplier check;
    private @Nullable Process process;

    private ProcessMember(String name, List<String> command, Path log, BooleanSupplier check) {
        super(name);
        this.command = List.copyOf(command);
        this.log = log;
        this.check = check;
    }

    /** Ready when it takes connections. */
    static ProcessMember listening(String name, List<String> command, Path log, int port) {
        return new ProcessMember(name, command, log, () -> takesConnections(port));
    }

    /** Ready when its health check says so. */
    static ProcessMember healthy(String name, List<String> command, Path log, URI api) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CHECK_TIMEOUT)
                .build();
        HttpRequest health = HttpRequest.newBuilder(api.resolve("/q/health/ready"))
                .timeout(CHECK_TIMEOUT)
                .build();
        return new ProcessMember(name, command, log, () -> isHealthy(client, health));
    }

    @Override
    void start() {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
        } catch (IOException e) {
            throw new BenchException("cannot run %s: %s".formatted(name(), e), e);
        }
    }

    @Override
    boolean isReady() {
        return isAlive() && check.getAsBoolean();
    }

    @Override
    boolean isAlive() {
        return process != null && process.isAlive();
    }

    @Override
    void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    @Override
    void stop() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroy();
            if (!running.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                kill();
            }
        }
    }

    @Override
    String log() {
        try {
            String text = Files.readString(log);
            return text.substring(Math.max(0, text.length() - LOG_TAIL));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    private static boolean takesConnections(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) CHECK_TIMEOUT.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isHealthy(HttpClient client, HttpRequest health) {
        try {
            return client.send(health, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
