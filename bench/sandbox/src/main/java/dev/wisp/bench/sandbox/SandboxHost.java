package dev.wisp.bench.sandbox;

import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.report.BenchException;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.network.EgressConfig;
import dev.wisp.node.sandbox.LinuxSandboxConfig;
import dev.wisp.node.sandbox.LinuxSandboxRuntime;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A sandbox runtime in this process, as a node has it, and an image with the sample program. Thread-safe. */
final class SandboxHost implements AutoCloseable {

    static final int PORT = 8080;

    /** Above what a platform on this host uses, and below what the tests use. */
    static final long UID_BASE = LinuxSandboxConfig.UID_BASE_DEFAULT + 0x4000_0000L;

    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SETTLE_PATIENCE = Duration.ofSeconds(30);

    private final WorkFolder folder;
    private final Path layer;
    private final LinuxSandboxRuntime runtime;
    private final FirstAnswer answer = new FirstAnswer();
    private final AtomicLong started = new AtomicLong();
    private final int parkedMin;

    private SandboxHost(WorkFolder folder, Path layer, LinuxSandboxRuntime runtime, int parkedMin) {
        this.folder = folder;
        this.layer = layer;
        this.runtime = runtime;
        this.parkedMin = parkedMin;
    }

    /**
     * What of the runtime differs from one benchmark to the next.
     *
     * @param sandboxesMax most at once, parked ones included
     */
    record Size(int sandboxesMax, int parkedMin, int parkedMax) {}

    static SandboxHost open(Path program, Size size) {
        String prefix = prefix(ProcessHandle.current().pid());
        return open(program, size, EgressConfig.byDefault(prefix), UID_BASE);
    }

    /** With a network that is not the default; its name is also the runtime's. */
    static SandboxHost open(Path program, Size size, EgressConfig egress, long uidBase) {
        WorkFolder folder = WorkFolder.create();
        try {
            Path layers = Files.createDirectory(folder.path().resolve("layers"));
            Path layer = Files.createDirectory(layers.resolve("1"));
            Path copy = Files.copy(program, layer.resolve("hello"));
            if (!copy.toFile().setExecutable(true, false)) {
                throw new IOException("cannot make %s executable".formatted(copy));
            }
            LinuxSandboxConfig config = new LinuxSandboxConfig(
                    layers, egress.name(), uidBase, size.sandboxesMax(), size.parkedMin(), size.parkedMax(), egress);
            return new SandboxHost(
                    folder, layer, new LinuxSandboxRuntime(config, InstantSource.system()), size.parkedMin());
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw new BenchException("no sandbox can be made here: " + e.getMessage(), e);
        }
    }

    /** Name of the branch of control groups of a process that runs a benchmark. */
    static String prefix(long pid) {
        return "wisp-bench-" + pid;
    }

    /** Where its image is, and whatever else the runtime were to write. */
    Path folder() {
        return folder.path();
    }

    LinuxSandboxRuntime runtime() {
        return runtime;
    }

    /** What {@link dev.wisp.bench.peer.CrunPeer} is given too. */
    SandboxSpec spec() {
        return spec(NetworkSpec.NONE);
    }

    SandboxSpec spec(NetworkSpec network) {
        return new SandboxSpec(
                "bench-" + started.incrementAndGet(),
                List.of(layer),
                new ProcessSpec(List.of("/hello"), Map.of("LOG", "off"), "/", "", 15),
                Map.of("PORT", Integer.toString(PORT)),
                new Limits(1_000, 128L << 20, 64, 16L << 20),
                PORT,
                START_TIMEOUT,
                (stream, atMicros, line) -> {},
                "bench",
                network);
    }

    /** A folder for one more image, which its caller fills. */
    Path newLayer(String name) throws IOException {
        return Files.createDirectory(layer.resolveSibling(name));
    }

    /** Time from now until the first byte of a new sandbox's first answer. */
    Started start() {
        return startWith(NetworkSpec.NONE);
    }

    /** The same for one with this network. */
    Started startWith(NetworkSpec network) {
        SandboxSpec spec = spec(network);
        long start = System.nanoTime();
        Sandbox sandbox = runtime.start(spec);
        return new Started(sandbox, (answer.awaitNanos(sandbox.connect()) - start) / 1_000);
    }

    /** A sandbox that has answered. */
    record Started(Sandbox sandbox, long micros) {}

    /** Whether a sandbox answers on a new connection; microseconds. */
    long askMicros(Sandbox sandbox) {
        long start = System.nanoTime();
        return (answer.awaitNanos(sandbox.connect()) - start) / 1_000;
    }

    /** Returns when nothing of it is on a processor any more. */
    static void freeze(Sandbox sandbox) {
        sandbox.freeze();
        if (!sandbox.standsStill(SETTLE_PATIENCE)) {
            throw new BenchException("a sandbox does not stand still within %s".formatted(SETTLE_PATIENCE));
        }
    }

    /** Waits until the pool is as full as it is when nothing happens. */
    void settle() {
        if (!Poll.until(SETTLE_PATIENCE, () -> runtime.parked() >= parkedMin && runtime.isAtRest())) {
            throw new BenchException("the pool is not refilled within %s".formatted(SETTLE_PATIENCE));
        }
    }

    @Override
    public void close() {
        try {
            runtime.close();
        } finally {
            folder.close();
        }
    }
}
