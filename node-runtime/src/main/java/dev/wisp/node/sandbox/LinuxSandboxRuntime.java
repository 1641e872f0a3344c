package dev.wisp.node.sandbox;

import dev.wisp.node.linux.ImageFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * Sandboxes by the kernel's own means: a parked child per start, a {@link dev.wisp.node.linux.SyscallProgram} in place of a helper process, control groups,
 * overlay, and a filter. {@code docs/sandbox.md} says what it isolates. Needs root. Thread-safe.
 */
public final class LinuxSandboxRuntime implements SandboxRuntime {

    private static final Logger LOG = Logger.getLogger(LinuxSandboxRuntime.class);

    private static final int CLEANERS = 2;
    private static final Duration END_PATIENCE = Duration.ofSeconds(10);

    private final Host host;
    private final ParkingLot lot;
    private final SandboxPool pool;
    private final ProcessEvents events;
    private final SandboxStart start;
    private final Set<LinuxSandbox> sandboxes = ConcurrentHashMap.newKeySet();
    private final ExecutorService cleaners = Executors.newFixedThreadPool(
            CLEANERS,
            Thread.ofPlatform().name("wisp-sandbox-end-", 0).daemon(true).factory());
    private volatile boolean closed;

    /**
     * Takes the branch of control groups, removes what a dead runtime has left there, and parks the first sandboxes, which also warms every native call.
     *
     * @throws IllegalStateException when another runtime has the prefix, or naming the kernel feature that is missing
     */
    public LinuxSandboxRuntime(LinuxSandboxConfig config, InstantSource clock) {
        makeFolders(config);
        this.host = Host.open(config.prefix());
        int leftovers = host.cgroups().removeLeftovers();
        if (leftovers > 0) {
            LOG.infof("removed what a dead runtime had left: %d sandboxes", leftovers);
        }
        this.lot = new ParkingLot(host, config);
        this.events = new ProcessEvents(host.kernel(), host.descriptors(), host.processes());
        lot.discard(lot.park());
        this.pool = new SandboxPool(lot, config);
        this.start = new SandboxStart(
                host,
                config,
                events,
                new ImageUsers(new ImageFiles(host.kernel())),
                (spec, parked) -> new LinuxSandbox(spec, host, lot, parked, cleaners, clock));
    }

    private static void makeFolders(LinuxSandboxConfig config) {
        try {
            Files.createDirectories(config.stateFolder().resolve(ParkingLot.MOUNT_POINT));
            Files.createDirectories(config.layersFolder());
        } catch (IOException e) {
            throw new UncheckedIOException("state folder", e);
        }
    }

    @Override
    public Sandbox start(SandboxSpec spec) {
        if (closed) {
            throw new dev.wisp.contracts.problem.ProblemException(
                    new SandboxFailure("the runtime is stopping").problem());
        }
        lot.expect(SandboxStart.shape(spec));
        LinuxSandbox sandbox = start.run(spec, pool);
        sandboxes.add(sandbox);
        sandbox.exit().thenRun(() -> sandboxes.remove(sandbox));
        return sandbox;
    }

    /** How many sandboxes wait to be used; for tests and metrics. */
    public int parked() {
        return pool.size();
    }

    @Override
    public void close() {
        closed = true;
        pool.close();
        List<LinuxSandbox> left = List.copyOf(sandboxes);
        left.forEach(LinuxSandbox::kill);
        for (LinuxSandbox sandbox : left) {
            if (!sandbox.awaitReleased(END_PATIENCE)) {
                LOG.errorf("sandbox does not end instanceId=%s", sandbox.id());
            }
        }
        cleaners.shutdown();
        events.close();
        host.close();
    }
}
