package dev.wisp.node.sandbox;

import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.Capability;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.contracts.revision.Restriction;
import dev.wisp.node.cgroup.CgroupLimits;
import dev.wisp.node.linux.ErrnoException;
import dev.wisp.node.linux.SharedWord;
import dev.wisp.node.linux.Table;
import dev.wisp.node.network.EgressPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Takes a parked sandbox to a listening one, or to a problem document with nothing left behind. Thread-safe. */
final class SandboxStart {

    static final String PATH_DEFAULT = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final int PATH_FOLDERS_MAX = 32;
    private static final long NAP_NANOS = 1_000_000;
    private static final Duration CLEANUP_PATIENCE = Duration.ofSeconds(5);

    private final Host host;
    private final LinuxSandboxConfig config;
    private final ProcessEvents events;
    private final WaysOut ways;
    private final ImageUsers users;
    private final ReadinessTimes times = new ReadinessTimes();
    private final BiFunction<SandboxSpec, Parked, LinuxSandbox> sandboxes;

    SandboxStart(
            Host host,
            LinuxSandboxConfig config,
            ProcessEvents events,
            WaysOut ways,
            ImageUsers users,
            BiFunction<SandboxSpec, Parked, LinuxSandbox> sandboxes) {
        this.host = host;
        this.config = config;
        this.events = events;
        this.ways = ways;
        this.users = users;
        this.sandboxes = sandboxes;
    }

    static ParkingLot.Shape shape(SandboxSpec spec) {
        return new ParkingLot.Shape(limits(spec), WriteBounds.of(spec.limits()));
    }

    private static CgroupLimits limits(SandboxSpec spec) {
        return new CgroupLimits(
                spec.limits().cpuMillicores(),
                spec.limits().memoryBytes(),
                spec.limits().pidsMax());
    }

    LinuxSandbox run(SandboxSpec spec, SandboxPool pool, StartObserver observer) {
        Phases phases = new Phases();
        SpecCheck.check(spec, config);
        ImageUser user = users.resolve(spec.layers(), spec.process().user());
        SpecCheck.checkUser(spec, user);
        ImageRoot root = root(spec);
        @Nullable EgressPlan way = ways.plan(spec);
        @Nullable Table left = null;
        try {
            Rights rights = Rights.of(spec.process().capabilities(), user);
            Parked parked = way == null ? pool.take(root, rights) : ways.take(root, rights, pool);
            phases.end("claim");
            if (way != null) {
                parked = ways.open(spec, way, parked);
                phases.end("network");
            }
            long deadline = System.nanoTime() + spec.startTimeout().toNanos();
            LinuxSandbox sandbox = execute(new Begun(spec, user, root, parked, phases), deadline, observer);
            left = parked.table();
            listen(sandbox, root, phases, deadline);
            return sandbox;
        } catch (SandboxFailure e) {
            throw new ProblemException(e.problem(), e);
        } finally {
            pool.started(left);
        }
    }

    /** A start that has its sandbox. */
    private record Begun(SandboxSpec spec, ImageUser user, ImageRoot root, Parked parked, Phases phases) {}

    /** Until the child has left its table. */
    private LinuxSandbox execute(Begun start, long deadline, StartObserver observer) {
        Parked parked = start.parked();
        LinuxSandbox sandbox = sandboxes.apply(start.spec(), parked);
        try {
            prepare(start);
        } catch (RuntimeException e) {
            // Only who is watched is reaped, and nobody watches it yet.
            events.watch(sandbox.watched());
            throw abandon(sandbox, new SandboxFailure(e.getMessage() == null ? "prepare" : e.getMessage()).problem());
        }
        start.phases().end("prepare");
        observer.opening();
        parked.table().open(parked.mounted() == null ? SharedWord.START : SharedWord.LAUNCH);
        // From here on the child has work of its own, and this costs no time.
        events.watch(sandbox.watched());
        awaitExecuted(sandbox, deadline);
        observer.executed(parked.table());
        start.phases().end("execute");
        return sandbox;
    }

    private void listen(LinuxSandbox sandbox, ImageRoot root, Phases phases, long deadline) {
        long executed = System.nanoTime();
        limitRunning(sandbox);
        boolean lookedTooEarly = awaitListening(sandbox, executed, times.quickestNanos(root), deadline);
        times.listened(root, System.nanoTime() - executed, lookedTooEarly);
        phases.end("listen");
        sandbox.timing(phases.timing());
    }

    /** One that cannot be limited must not go on. */
    private static void limitRunning(LinuxSandbox sandbox) {
        try {
            sandbox.parked().cgroup().limitRunning(limits(sandbox.spec()));
        } catch (ErrnoException e) {
            end(sandbox);
            throw new SandboxFailure(e.getMessage() == null ? "limit" : e.getMessage());
        }
    }

    private static void end(LinuxSandbox sandbox) {
        sandbox.kill();
        sandbox.awaitReleased(CLEANUP_PATIENCE);
    }

    private void prepare(Begun start) {
        Parked parked = start.parked();
        ImageUser user = start.user();
        parked.cgroup().limit(limits(start.spec()));
        if (user.uid() != 0) {
            host.descriptors()
                    .changeOwner(parked.stdout(), parked.rootUid() + user.uid(), parked.rootUid() + user.gid());
            host.descriptors()
                    .changeOwner(parked.stderr(), parked.rootUid() + user.uid(), parked.rootUid() + user.gid());
        }
        parked.table().append(Launch.program(inputs(start)));
    }

    private Launch.Inputs inputs(Begun start) {
        SandboxSpec spec = start.spec();
        ImageUser user = start.user();
        ImageRoot root = start.root();
        Parked parked = start.parked();
        ProcessSpec process = spec.process();
        Map<String, String> env = environment(spec, user);
        Rights rights = Rights.of(process.capabilities(), user);
        return new Launch.Inputs(
                spec.id(),
                parked.mounted() == null ? root : null,
                parked.bounds(),
                user,
                Launch.candidates(process.argv().getFirst(), env.getOrDefault("PATH", PATH_DEFAULT), PATH_FOLDERS_MAX),
                process.argv(),
                env.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList(),
                parked.cgroup().joinFileLast() != null,
                folders(process),
                rights,
                host.landlock(),
                rights.has(Capability.SYS_CHROOT)
                        ? host.filter().lastWithChroot()
                        : host.filter().last(),
                host.label(),
                parked.leg() == null ? "" : ways.resolvConf());
    }

    private static Launch.Folders folders(ProcessSpec process) {
        return new Launch.Folders(
                process.workingDir().isEmpty() ? "/" : process.workingDir(),
                process.volumes(),
                process.restrictions().contains(Restriction.READ_ONLY_ROOT)
                        ? Launch.RootMode.READ_ONLY
                        : Launch.RootMode.WRITABLE);
    }

    private ImageRoot root(SandboxSpec spec) {
        List<String> names = new ArrayList<>();
        for (Path layer : spec.layers().reversed()) {
            names.add(config.layersFolder()
                    .relativize(layer.toAbsolutePath().normalize())
                    .toString());
        }
        return new ImageRoot(names, WriteBounds.of(spec.limits()));
    }

    private static Map<String, String> environment(SandboxSpec spec, ImageUser user) {
        Map<String, String> env = new TreeMap<>();
        env.put("PATH", PATH_DEFAULT);
        env.put("HOME", user.home());
        env.put("HOSTNAME", spec.id());
        env.putAll(spec.process().env());
        env.putAll(spec.platformEnv());
        return env;
    }

    /** Sleeping from the beginning is as quick as looking all the time, and leaves the processor to the child, which may be queued for this very one. */
    private void awaitExecuted(LinuxSandbox sandbox, long deadline) {
        Table table = sandbox.parked().table();
        while (!table.isLeft()) {
            if (System.nanoTime() - deadline > 0) {
                throw abandon(sandbox, hanging(table));
            }
            table.awaitLeft(NAP_NANOS);
        }
        Table.Failure failure = table.failure();
        if (failure != null) {
            throw abandon(sandbox, StartProblems.of(failure));
        }
    }

    private static Problem hanging(Table table) {
        String step = table.results().stream()
                .filter(result -> result.stamp() == 0)
                .map(result -> result.row().step())
                .findFirst()
                .orElse("?");
        return new SandboxFailure(step + ": does not return").problem();
    }

    /** The child is dead or will be; its table is freed once it is. */
    private ProblemException abandon(LinuxSandbox sandbox, Problem problem) {
        sandbox.kill();
        if (sandbox.awaitReleased(CLEANUP_PATIENCE)) {
            sandbox.parked().table().close();
        }
        return new ProblemException(problem);
    }

    /** Whether it did not listen yet when it was first looked at. */
    private boolean awaitListening(LinuxSandbox sandbox, long executed, long quickestNanos, long deadline) {
        boolean lookedTooEarly = false;
        pause(ReadinessPolicy.pauseNanos(System.nanoTime() - executed, quickestNanos));
        while (!listens(sandbox)) {
            lookedTooEarly = true;
            long now = System.nanoTime();
            if (sandbox.exit().isDone()) {
                throw ended(sandbox);
            }
            if (now - deadline > 0) {
                end(sandbox);
                throw new ProblemException(StartProblems.notListening(
                        sandbox.spec(), sandbox.tail().text()));
            }
            pause(ReadinessPolicy.pauseNanos(now - executed, quickestNanos));
        }
        return lookedTooEarly;
    }

    @SuppressWarnings("ThreadPriorityCheck") // The program may be queued for this very processor.
    private static void pause(long nanos) {
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        } else {
            Thread.yield();
        }
    }

    /** A sandbox that is ending refuses in other ways too; what has happened shows when its end is known. */
    private static boolean listens(LinuxSandbox sandbox) {
        try {
            return sandbox.listens();
        } catch (ProblemException e) {
            return false;
        }
    }

    private static ProblemException ended(LinuxSandbox sandbox) {
        SandboxExit exit = sandbox.exit().join();
        sandbox.awaitReleased(CLEANUP_PATIENCE);
        return new ProblemException(
                StartProblems.exited(sandbox.spec(), exit, sandbox.tail().text()));
    }

    /** Cuts the time of a start into named pieces. */
    private static final class Phases {

        private final long begin = System.nanoTime();
        private final List<StartTiming.Phase> phases = new ArrayList<>();
        private long micros;

        void end(String name) {
            long total = (System.nanoTime() - begin) / 1000;
            phases.add(new StartTiming.Phase(name, total - micros));
            micros = total;
        }

        StartTiming timing() {
            return new StartTiming(micros, phases);
        }
    }
}
