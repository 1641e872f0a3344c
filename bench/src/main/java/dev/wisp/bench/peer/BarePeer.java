package dev.wisp.bench.peer;

import dev.wisp.bench.process.LauncherShell;
import dev.wisp.bench.process.ProcessCpu;
import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;

/** The program itself without any isolation: what starting a process and its own start cost. */
public final class BarePeer implements Peer {

    private final Path program;
    private final Path pidFile;
    private final LauncherShell shell = LauncherShell.open(List.of());

    public BarePeer(Path folder, Path program) {
        this.program = program;
        this.pidFile = folder.resolve("bare.pid");
    }

    @Override
    public String name() {
        return "bare process";
    }

    @Override
    public long startMicros() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
        long start = System.nanoTime();
        shell.start("(PORT=%d LOG=off exec %s) > /dev/null 2>&1 & echo $! > %s; wait $!"
                .formatted(address.getPort(), program, pidFile));
        long end = FirstResponse.awaitFirstByteNanos(address);
        ProcessHandle.of(FirstResponse.awaitPid(pidFile)).ifPresent(ProcessHandle::destroyForcibly);
        shell.await();
        return (end - start) / 1_000;
    }

    @Override
    public long cpuMicros() {
        return ProcessCpu.childrenMicros(shell.pid());
    }

    @Override
    public void close() {
        shell.close();
    }

    /** A port of the loopback address that nobody uses now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BenchException("no free port", e);
        }
    }
}
