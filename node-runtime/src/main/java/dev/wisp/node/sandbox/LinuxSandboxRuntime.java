package dev.wisp.node.sandbox;

import dev.wisp.node.linux.Affinity;
import dev.wisp.node.linux.ImageFiles;
import dev.wisp.node.linux.TickScale;
import dev.wisp.node.linux.TimeSlice;
import dev.wisp.node.network.ConnectionTablePolicy;
import dev.wisp.node.network.EgressNetwork;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
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
    private final TickScale ticks;
    private final ProcessEvents events;
    private final SandboxStart start;
    private final StuckSandboxes stuck;
    private final EgressNetwork egress;
    private final WaysOut ways;
    private final Set<LinuxSandbox> sandboxes = ConcurrentHashMap.newKeySet();
    private final LimitWatch limits;
    private final LongAdder platformMicros = new LongAdder();
    private final long cpuMicrosBefore;
    private final ProcessorWatch processors;
    private final ExecutorService cleaners = Executors.newFixedThreadPool(
            CLEANERS,
            Thread.ofPlatform().name("wisp-sandbox-end-", 0).daemon(true).factory());
    private final HostLook look;
    private volatile boolean closed;

    /**
     * Takes the branch of control groups, removes what a dead runtime has left there, and parks the first sandboxes, which also warms every native call.
     *
     * @throws IllegalStateException when another runtime has the prefix, or naming the kernel feature that is missing
     */
    public LinuxSandboxRuntime(LinuxSandboxConfig config, InstantSource clock) {
        this.host = Host.open(config.prefix(), config.label());
        this.cpuMicrosBefore = host.cgroups().cpuMicros();
        this.ticks = new TickScale(host.spawner());
        this.stuck = new StuckSandboxes();
        this.lot = prove(host, config, stuck);
        this.events = new ProcessEvents(host.kernel(), host.descriptors(), host.processes());
        this.pool = new SandboxPool(lot, config);
        this.egress = new EgressNetwork(host.descriptors(), host.sockets(), host.namespaceSockets(), config.egress());
        this.ways = new WaysOut(lot, egress, config.egress().readyMax());
        this.start = new SandboxStart(
                host,
                config,
                events,
                ways,
                new ImageUsers(new ImageFiles(host.kernel())),
                (spec, parked) -> remember(new LinuxSandbox(spec, host, lot, parked, cleaners, stuck, clock)));
        this.limits = new LimitWatch(sandboxes);
        this.look = new HostLook(host, lot, egress, config.layersFolder());
        tellOfSmallTable(host, config);
        TimeSlice slices = new TimeSlice(host.kernel());
        this.processors = new ProcessorWatch(host.cgroups(), new Affinity(host.kernel()), slices, sandboxes);
    }

    /**
     * Only where there is a way out. It is so with the defaults of Wisp and of most kernels, and harms nobody until hundreds of sandboxes use all they may: a line to be
     * found by who looks for the reason, and no warning; {@code wisp doctor} says what to do.
     */
    private static void tellOfSmallTable(Host host, LinuxSandboxConfig config) {
        if (config.egress().outside().isEmpty()) {
            return;
        }
        String text = host.descriptors().readText(ConnectionTablePolicy.TABLE_MAX_FILE);
        String notice = ConnectionTablePolicy.notice(
                Math.min(config.sandboxesMax(), config.egress().pairs()),
                config.egress().limits(),
                text == null ? 0 : Long.parseLong(text.strip()));
        if (!notice.isEmpty()) {
            LOG.info(notice);
        }
    }

    /** Cleans up, then parks one sandbox and throws it away: a host that cannot do that is told now, not at the first request. */
    private static ParkingLot prove(Host host, LinuxSandboxConfig config, StuckSandboxes stuck) {
        try {
            int leftovers = host.cgroups().removeLeftovers();
            if (leftovers > 0) {
                LOG.infof("removed what a dead runtime had left: %d sandboxes", leftovers);
            }
            ParkingLot lot = new ParkingLot(host, config, stuck);
            lot.discard(lot.park());
            StartSample.warm(host.kernel());
            return lot;
        } catch (RuntimeException e) {
            stuck.close();
            host.close();
            throw e;
        }
    }

    /** Known before it runs, so that closing the runtime finds it whatever it is doing. */
    private LinuxSandbox remember(LinuxSandbox sandbox) {
        sandboxes.add(sandbox);
        sandbox.exit().thenRun(() -> sandboxes.remove(sandbox));
        return sandbox;
    }

    @Override
    public Sandbox start(SandboxSpec spec) {
        if (closed) {
            throw new dev.wisp.contracts.problem.ProblemException(
                    new SandboxFailure("the runtime is stopping").problem());
        }
        return LOG.isDebugEnabled() ? startAndTell(spec) : start(spec, StartObserver.NONE);
    }

    /** Every system call of it into the log; values of the environment are not among what is told. */
    private LinuxSandbox startAndTell(SandboxSpec spec) {
        StartTrace trace = new StartTrace(host.spawner(), ticks);
        LinuxSandbox sandbox = start(spec, trace);
        LOG.debugf("sandbox started instanceId=%s\n%s", spec.id(), StartTrace.text(trace.steps()));
        return sandbox;
    }

    private LinuxSandbox start(SandboxSpec spec, StartObserver observer) {
        lot.expect(SandboxStart.shape(spec));
        return start.run(spec, pool, observer);
    }

    /** Every system call of a start as text, with sample values; needs neither rights nor a runtime. */
    public static String explainStart() {
        return StartSample.text();
    }

    /**
     * As {@link #start}, with the time of every system call.
     *
     * @throws dev.wisp.contracts.problem.ProblemException as {@link #start}
     */
    public TracedStart trace(SandboxSpec spec) {
        StartTrace trace = new StartTrace(host.spawner(), ticks);
        LinuxSandbox sandbox = start(spec, trace);
        return new TracedStart(sandbox, trace.steps());
    }

    /**
     * Starts a sandbox, stops it, and tells what was done: every system call of its child with its result and the microseconds it took.
     *
     * @throws dev.wisp.contracts.problem.ProblemException as {@link #start}
     */
    public String explainStart(SandboxSpec spec) {
        TracedStart traced = trace(spec);
        traced.sandbox().stop(Duration.ZERO);
        return StartTrace.text(traced.steps()) + traced.sandbox().timing().phases() + "\n";
    }

    @Override
    public BranchUsage branchUsage() {
        return new BranchUsage(
                host.cgroups().cpuMicros() - cpuMicrosBefore, lot.preparedMicros() + platformMicros.sum());
    }

    @Override
    public void usedByPlatform(long cpuMicros) {
        platformMicros.add(cpuMicros);
    }

    @Override
    public List<StuckSandbox> stuck() {
        return stuck.all();
    }

    @Override
    public Map<Leak, Set<String>> strays() {
        return look.strays();
    }

    /** How many sandboxes wait to be used; for tests and metrics. */
    public int parked() {
        return pool.size();
    }

    /** Whether the pool has nothing left to do for the starts so far; for tests and benchmarks. */
    public boolean isAtRest() {
        return pool.isAtRest();
    }

    /** How many of them have an image mounted already. */
    public int mounted() {
        return pool.mountedSize();
    }

    /** How many sandboxes wait with a way out. */
    public int readyWaysOut() {
        return ways.size();
    }

    /** How many ways out there are, with those of sandboxes that wait; for tests and metrics. */
    public int networkLegs() {
        return egress.legs();
    }

    @Override
    public void close() {
        closed = true;
        pool.close();
        ways.close();
        List<LinuxSandbox> left = List.copyOf(sandboxes);
        left.forEach(LinuxSandbox::kill);
        for (LinuxSandbox sandbox : left) {
            if (!sandbox.awaitReleased(END_PATIENCE)) {
                LOG.errorf("sandbox does not end instanceId=%s", sandbox.id());
            }
        }
        stuck.close();
        limits.close();
        processors.close();
        cleaners.shutdown();
        events.close();
        lot.close();
        egress.close();
        host.close();
    }
}
