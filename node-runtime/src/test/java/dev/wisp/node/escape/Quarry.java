package dev.wisp.node.escape;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** What of the host the probes hunt for: a process, files in open folders, listeners. All of it is the test's own. */
final class Quarry implements AutoCloseable {

    private static final int IPC_KEY = 0x77697370;

    private final String canary = "canary-" + UUID.randomUUID();
    private final Process victim;
    private final ServerSocket listener;
    private final ServerSocketChannel socketFile;
    private final Path socketPath;
    private final List<Path> files;

    Quarry(ProbeImage image, Path folder) throws IOException {
        Path program = image.compile("victim", folder.resolve("victim"));
        ProcessBuilder builder = new ProcessBuilder(program.toString(), Integer.toString(IPC_KEY), canary);
        builder.environment().put("SECRET", canary);
        this.victim = builder.start();
        BufferedReader output = victim.inputReader();
        if (!"ready".equals(output.readLine())) {
            throw new IllegalStateException("the victim does not start");
        }
        this.listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        this.socketPath = folder.resolve("socket");
        this.socketFile = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socketFile.bind(UnixDomainSocketAddress.of(socketPath));
        this.files = List.of(Files.createFile(Path.of("/tmp", canary)), Files.createFile(Path.of("/dev/shm", canary)));
    }

    /** As the programs take them. */
    List<String> parameters() {
        return List.of(
                "victim=" + victim.pid(),
                "canary=" + canary,
                "ipc=" + IPC_KEY,
                "port=" + listener.getLocalPort(),
                "unix=" + canary,
                "path=" + socketPath);
    }

    @Override
    public void close() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        socketFile.close();
        listener.close();
        victim.getOutputStream().close();
        try {
            if (!victim.waitFor(10, TimeUnit.SECONDS)) {
                victim.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
