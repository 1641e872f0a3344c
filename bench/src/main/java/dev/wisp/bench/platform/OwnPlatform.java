package dev.wisp.bench.platform;

import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The whole platform in one process, as {@code wisp up} starts it, with a home and ports of its own; stopped when it is closed. */
public final class OwnPlatform implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Process process;
    private final Platform platform;

    private OwnPlatform(Process process, Platform platform) {
        this.process = process;
        this.platform = platform;
    }

    /** Returns when it is ready. */
    public static OwnPlatform start(Path root, Path folder) throws InterruptedException {
        int gatewayPort = freePort();
        int apiPort = freePort();
        Path home = folder.resolve("home");
        Platform platform = new Platform(uri(apiPort), uri(gatewayPort), home);
        Path log = folder.resolve("platform.log");
        try {
            Process process = new ProcessBuilder(command(root, Files.createDirectories(home), gatewayPort, apiPort))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            OwnPlatform own = new OwnPlatform(process, platform);
            Runtime.getRuntime().addShutdownHook(new Thread(own::stop, "stop"));
            own.awaitReady(log);
            return own;
        } catch (IOException e) {
            throw new BenchException("cannot start the platform: " + e, e);
        }
    }

    public Platform platform() {
        return platform;
    }

    @Override
    public void close() {
        stop();
        platform.close();
    }

    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitReady(Path log) throws InterruptedException, IOException {
        long end = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!platform.isReady()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                stop();
                throw new BenchException("the platform did not start\n" + Files.readString(log));
            }
            Thread.sleep(POLL);
        }
    }

    private static List<String> command(Path root, Path home, int gatewayPort, int apiPort) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        Path cache = root.resolve("deploy/standalone/target/wisp.aot");
        if (Files.isRegularFile(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.addAll(List.of(
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dwisp.home=" + home,
                "-Dquarkus.http.port=" + apiPort,
                "-Dwisp.gateway.port=" + gatewayPort,
                "-Dwisp.controller.serving.url-port=" + gatewayPort,
                "-Dwisp.controller.registry.address=127.0.0.1:" + apiPort,
                "-jar",
                root.resolve("deploy/standalone/target/quarkus-app/quarkus-run.jar")
                        .toString()));
        return command;
    }

    private static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** A port free right now. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BenchException("no free port: " + e, e);
        }
    }
}
