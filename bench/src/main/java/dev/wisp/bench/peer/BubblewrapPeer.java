package dev.wisp.bench.peer;

import dev.wisp.bench.process.LauncherShell;
import dev.wisp.bench.process.ProcessCpu;
import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code bwrap --unshare-all}: namespaces and mounts only, neither limits nor a filter of system calls. */
public final class BubblewrapPeer implements Peer {

    private final Path folder;
    private final Path rootfs;
    private final LauncherShell shell = LauncherShell.open(List.of());
    private final NetworkNamespaces namespaces = new NetworkNamespaces();
    private int started;

    private BubblewrapPeer(Path folder, Path rootfs) {
        this.folder = folder;
        this.rootfs = rootfs;
    }

    /** Prepares the root. */
    public static BubblewrapPeer open(Path folder, Path program) {
        try {
            OciBundle.write(folder, program, null);
        } catch (IOException e) {
            throw new BenchException("cannot prepare a root in %s: %s".formatted(folder, e), e);
        }
        return new BubblewrapPeer(folder, folder.resolve("rootfs"));
    }

    @Override
    public String name() {
        return "bubblewrap";
    }

    @Override
    public long startMicros() {
        Path info = folder.resolve("info-" + started++);
        long start = System.nanoTime();
        shell.start(
                ("bwrap --unshare-all --die-with-parent --cap-drop ALL --ro-bind %s / --proc /proc --dev /dev --tmpfs /tmp"
                                + " --setenv PORT %d --setenv LOG off --info-fd 3 /hello > /dev/null 2>&1 3> %s")
                        .formatted(rootfs, FirstResponse.PORT, info));
        long pid = FirstResponse.awaitPid(info);
        long end = namespaces.inside(pid, () -> FirstResponse.awaitFirstByteNanos(FirstResponse.LOOPBACK));
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        shell.await();
        delete(info);
        return (end - start) / 1_000;
    }

    @Override
    public long cpuMicros() {
        return ProcessCpu.childrenMicros(shell.pid());
    }

    @Override
    public void close() {
        shell.close();
        namespaces.close();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new BenchException("cannot delete " + file, e);
        }
    }
}
