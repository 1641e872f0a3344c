package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A platform process as {@code wisp up} would start it, on ports and a home of its own; can be killed and started again. */
final class PlatformProcess implements AutoCloseable {

    private static final Path APPLICATION =
            Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();

    /** Many times what it takes, also with three at once on a busy host. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

    /** Also for the one that writes down what it has loaded. */
    private static final Duration END_TIMEOUT = Duration.ofMinutes(2);

    private static final String LOOPBACK = "127.0.0.1";

    /** Below those that Linux gives connections, from 32768. */
    private static final int PORTS_FIRST = 20_000;

    private static final int PORTS = 12_000;
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

    private final Path home;
    private final List<String> through;
    private final String host;
    private final Map<String, String> settings = new TreeMap<>();
    private @Nullable Process process;

    PlatformProcess(Path home) throws IOException {
        this(home, List.of(), LOOPBACK, freePort(), freePort());
    }

    /**
     * One on a host of its own.
     *
     * @param through the command that leads there
     */
    static PlatformProcess on(Path home, List<String> through, String host) {
        return new PlatformProcess(home, through, host, 8081, 8080);
    }

    private PlatformProcess(Path home, List<String> through, String host, int apiPort, int gatewayPort) {
        this.home = home;
        this.through = List.copyOf(through);
        this.host = host;
        settings.put("wisp.home", home.toString());
        // As many as come at once; the others would compete with the tests for the processors.
        settings.put("wisp.rehearsal.calls", "20");
        settings.put("quarkus.http.host", host);
        settings.put("quarkus.http.port", Integer.toString(apiPort));
        settings.put("wisp.gateway.port", Integer.toString(gatewayPort));
        settings.put("wisp.controller.registry.address", host + ":" + apiPort);
        settings.put("wisp.controller.serving.url-port", settings.getOrDefault("wisp.gateway.port", ""));
    }

    PlatformProcess with(String key, String value) {
        settings.put(key, value);
        return this;
    }

    String setting(String key) {
        return settings.getOrDefault(key, "");
    }

    PlatformProcess start() throws IOException {
        launch();
        return awaitReady();
    }

    /** Returns when what was launched is ready. */
    PlatformProcess awaitReady() {
        return awaitReady(START_TIMEOUT);
    }

    /** What is not ready in time is ended: nobody has got it yet to close it. */
    PlatformProcess awaitReady(Duration longest) {
        boolean ready = false;
        try {
            await("platform ready")
                    .atMost(longest)
                    .pollInterval(Duration.ofMillis(50))
                    .until(this::readyOrDead);
            ready = running();
            assertThat(ready).as("platform process is alive\n%s", log()).isTrue();
            return this;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    /** Ends it as a crash would. */
    void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            awaitExit(running);
        }
    }

    Client client() {
        return new Client(
                URI.create("http://" + host + ":" + settings.get("quarkus.http.port")),
                URI.create("http://" + host + ":" + settings.get("wisp.gateway.port")));
    }

    Path home() {
        return home;
    }

    String log() {
        try {
            return Files.readString(logFile(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroy();
        if (!awaitExit(running)) {
            kill();
        }
    }

    /** Begins to start it. */
    void launch() throws IOException {
        List<String> command = new ArrayList<>(through);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                // It lives for a minute: what the second compiler makes would hardly be used.
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m"));
        SharedStart.option(APPLICATION).ifPresent(command::add);
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", APPLICATION.toString()));
        Files.createDirectories(home);
        SharedStart.linkPrograms(home.resolve("postgres"));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                .start();
    }

    private boolean readyOrDead() {
        return !running() || client().isReady();
    }

    boolean running() {
        Process running = process;
        return running != null && running.isAlive();
    }

    private Path logFile() {
        return home.resolve("platform.log");
    }

    private static boolean awaitExit(Process running) {
        try {
            return running.waitFor(END_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** One that the kernel gives no connection by itself: it takes seconds until a platform listens, and another might have it by then. */
    static int freePort() throws IOException {
        while (true) {
            int port = PORTS_FIRST + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Somebody listens there.
            }
        }
    }
}
