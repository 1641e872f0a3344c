package dev.wisp.cli;

import dev.wisp.cli.console.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Runs common commands against a server that knows no answer but an empty list, so that the JVM can record which classes they need
 * ({@code -XX:AOTCacheOutput}). Later starts map them ready-made: 0.1 s instead of 0.4 s.
 */
public final class Training {

    private static final byte[] EMPTY_LIST =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 31\r\n\r\n{\"items\":[],\"data\":[],\"x\":1.5}\n"
                    .getBytes(StandardCharsets.UTF_8);

    private Training() {}

    public static void main(String[] arguments) throws IOException {
        Console nowhere = new Console(
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                true,
                true);
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> answer(server));
            String api = "--api=http://127.0.0.1:" + server.getLocalPort();
            String gateway = "--gateway=http://127.0.0.1:" + server.getLocalPort();
            run(nowhere, "services", "list", api);
            run(nowhere, "services", "list", "-o", "json", api);
            run(nowhere, "services", "describe", "hello", api);
            run(nowhere, "usage", api);
            run(nowhere, "invoke", "hello", "--cost", api, gateway);
            run(nowhere, "logs", "hello", api);
            run(nowhere, "status", api);
            run(nowhere, "down", "--home=/nonexistent");
            run(nowhere, "nothing");
            run(nowhere, "--help");
        }
    }

    private static void run(Console console, String... arguments) {
        WispCommand.commandLine(console, Map.of(), List.of(arguments)).execute(arguments);
    }

    private static void answer(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getInputStream().readNBytes(1);
                socket.getOutputStream().write(EMPTY_LIST);
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                return;
            }
        }
    }
}
