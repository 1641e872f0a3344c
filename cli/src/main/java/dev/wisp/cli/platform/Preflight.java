package dev.wisp.cli.platform;

import dev.wisp.cli.console.Units;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** What would keep the platform from starting, found before it is started and said so that it can be mended. */
final class Preflight {

    /** Kafka and Postgres stop in ugly ways on a full disk. */
    static final long FREE_BYTES_MIN = 1L << 30;

    private Preflight() {}

    static void check(Home home, StartSettings settings) {
        checkRoot();
        checkHome(home);
        checkPort(settings.port, null, "--port");
        checkPort(settings.apiPort, InetAddress.getLoopbackAddress(), "--api-port");
    }

    private static void checkRoot() {
        if (!Proc.isRoot()) {
            throw CliException.of(ExitCode.FAILED, "wisp up needs root")
                    .because(
                            "sandboxes are made of namespaces, mounts and cgroups, which only root may create on this host")
                    .hint("sudo ./wisp up");
        }
    }

    private static void checkHome(Home home) {
        try {
            Files.createDirectories(home.folder().resolve("run"));
            Files.createDirectories(home.folder().resolve("log"));
            long free = Files.getFileStore(home.folder()).getUsableSpace();
            if (free < FREE_BYTES_MIN) {
                throw CliException.of(ExitCode.FAILED, "the disk of %s is nearly full".formatted(home.folder()))
                        .coded("E1502")
                        .because("free: %s, needed: %s".formatted(Units.bytes(free), Units.bytes(FREE_BYTES_MIN)))
                        .hint("free some space, or choose another folder with --home DIR");
            }
        } catch (IOException e) {
            throw CliException.of(ExitCode.FAILED, "cannot use %s as the platform's home".formatted(home.folder()))
                    .because(e.toString())
                    .hint("wisp up --home DIR");
        }
    }

    private static void checkPort(int port, @org.jspecify.annotations.Nullable InetAddress address, String option) {
        if (port < 1 || port > 65_535) {
            throw CliException.of(ExitCode.USAGE, "%s: %d is no port, must be 1..65535".formatted(option, port));
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            String owner = Proc.listener(port).orElse("another process");
            throw CliException.of(ExitCode.CONFLICT, "port %d is taken by %s".formatted(port, owner))
                    .because("the platform needs it for "
                            + (option.equals("--port") ? "calls to services" : "API and console"))
                    .hint("stop that process, or choose another port: wisp up %s PORT".formatted(option));
        }
    }

    /** For {@code doctor}. */
    static long freeBytes(Path folder) throws IOException {
        Path existing = folder;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return Files.getFileStore(existing == null ? Path.of("/") : existing).getUsableSpace();
    }
}
