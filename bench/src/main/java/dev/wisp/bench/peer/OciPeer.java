package dev.wisp.bench.peer;

import dev.wisp.bench.process.LauncherShell;
import dev.wisp.bench.process.ProcessCpu;
import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code crun run} or {@code runc run} of a complete bundle. */
public final class OciPeer implements Peer {

    /** Where controllers are bound to v1 beside an empty v2 tree, crun 1.8 refuses to run; it does when it cannot see that tree. */
    private static final String HYBRID_TREE = "/sys/fs/cgroup/unified";

    private static final String POLICY = "node-runtime/src/main/resources/dev/wisp/node/linux/seccomp/x86-64.policy";
    private static final int KILLED = 137;

    private final String runtime;
    private final Path folder;
    private final boolean filtered;
    private final LauncherShell shell;
    private final NetworkNamespaces namespaces = new NetworkNamespaces();
    /** Names are the host's, whoever starts. */
    private static final AtomicInteger STARTED = new AtomicInteger();

    private OciPeer(String runtime, Path folder, boolean filtered, LauncherShell shell) {
        this.runtime = runtime;
        this.folder = folder;
        this.filtered = filtered;
        this.shell = shell;
    }

    /**
     * Prepares the bundle.
     *
     * @param runtime {@code crun} or {@code runc}
     * @param root where Wisp is installed, for its policy of system calls
     */
    public static OciPeer open(String runtime, Path folder, Path program, Path root) {
        Path policy = root.resolve(POLICY);
        boolean filtered = Files.isRegularFile(policy);
        try {
            Files.createDirectories(folder);
            OciBundle.write(folder, program, filtered ? OciSeccomp.oci(Files.readAllLines(policy)) : null);
        } catch (IOException e) {
            throw new BenchException("cannot prepare a bundle in %s: %s".formatted(folder, e), e);
        }
        List<String> preparations = runtime.equals("crun") && Files.isDirectory(Path.of(HYBRID_TREE))
                ? List.of("mount -t tmpfs none " + HYBRID_TREE)
                : List.of();
        return new OciPeer(runtime, folder, filtered, LauncherShell.open(preparations));
    }

    @Override
    public String name() {
        return runtime + (filtered ? " run" : " run, no seccomp");
    }

    @Override
    public long startMicros() {
        String id = "wisp-bench-%d-%d".formatted(ProcessHandle.current().pid(), STARTED.incrementAndGet());
        Path pidFile = folder.resolve(id + ".pid");
        long start = System.nanoTime();
        shell.start("%s run --pid-file %s --bundle %s %s > /dev/null 2> %s/error"
                .formatted(runtime, pidFile, folder, id, folder));
        long pid = FirstResponse.awaitPid(pidFile);
        long end = namespaces.inside(pid, () -> FirstResponse.awaitFirstByteNanos(FirstResponse.LOOPBACK));
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        int code = shell.await();
        if (code != KILLED) {
            throw new BenchException("%s run ended with %d: %s".formatted(runtime, code, error()));
        }
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

    private String error() {
        try {
            return Files.readString(folder.resolve("error")).strip();
        } catch (IOException e) {
            return "it said nothing";
        }
    }
}
