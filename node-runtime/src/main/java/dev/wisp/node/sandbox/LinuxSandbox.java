package dev.wisp.node.sandbox;

import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.node.cgroup.CgroupUsage;
import dev.wisp.node.linux.Errno;
import dev.wisp.node.linux.ErrnoException;
import dev.wisp.node.linux.FileSystem;
import dev.wisp.node.linux.KernelLog;
import dev.wisp.node.linux.Named;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * One running sandbox. What it holds is used under the read lock and given back under the write lock, so that no descriptor is touched after its number may
 * have gone to somebody else.
 */
final class LinuxSandbox implements Sandbox {

    private static final Logger LOG = Logger.getLogger(LinuxSandbox.class);

    private static final int NONE = -1;
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(5);

    private final SandboxSpec spec;
    private final Host host;
    private final ParkingLot lot;
    private final Parked parked;
    private final ExecutorService cleaners;
    private final StuckSandboxes stuck;
    private final InstantSource clock;
    private final LogTail tail = new LogTail();
    private final OutputRate rate = new OutputRate();
    private final Set<Limit> reached = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<SandboxExit> exit = new CompletableFuture<>();
    /** Fails when it could not be given back at its end; it may be later. */
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    private final CompletableFuture<Void> nothingLeft = new CompletableFuture<>();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    /** Guards what the group's freezer is told. */
    private final Object freezer = new Object();

    private volatile boolean frozen;
    private boolean dying;
    private boolean gone;
    private SandboxUsage last = new SandboxUsage(0, 0, 0);
    /** A socket made ahead inside the namespace, connected or not yet. */
    private final AtomicInteger freshSocket;
    /** The connection that proved that it listens, for the first caller. */
    private final AtomicInteger readyConnection = new AtomicInteger(NONE);

    private volatile StartTiming timing = new StartTiming(0, List.of());

    LinuxSandbox(
            SandboxSpec spec,
            Host host,
            ParkingLot lot,
            Parked parked,
            ExecutorService cleaners,
            StuckSandboxes stuck,
            InstantSource clock) {
        this.spec = spec;
        this.host = host;
        this.lot = lot;
        this.parked = parked;
        this.cleaners = cleaners;
        this.stuck = stuck;
        this.clock = clock;
        this.freshSocket = new AtomicInteger(parked.socket());
    }

    /** What the event thread needs to know of it. */
    ProcessEvents.Watched watched() {
        return new ProcessEvents.Watched(
                parked.child().pidfd(),
                parked.stdout(),
                parked.stderr(),
                line -> print(OutputSink.Stream.STDOUT, line),
                line -> print(OutputSink.Stream.STDERR, line),
                code -> cleaners.execute(() -> end(code)));
    }

    /** The end of it is kept whatever the rate: it is what explains a failure. */
    private void print(OutputSink.Stream stream, byte[] line) {
        tail.add(line);
        Instant now = clock.instant();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
        synchronized (rate) {
            if (!rate.passes(line.length, micros)) {
                reached.add(Limit.OUTPUT);
                return;
            }
            spec.output().line(stream, micros, line);
        }
    }

    /** Says something about it where its own output is. */
    private void tell(String text) {
        byte[] line = bytes(text);
        tail.add(line);
        Instant now = clock.instant();
        synchronized (rate) {
            spec.output().line(OutputSink.Stream.WISP, now.getEpochSecond() * 1_000_000 + now.getNano() / 1000, line);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Tells of each limit once, when it is first seen reached. */
    void lookAtLimits() {
        if (frozen) {
            return;
        }
        Map<Limit, String> now =
                whileThere(() -> LimitPolicy.reached(spec.limits(), ParkingLot.OPEN_FILES_MAX, observe()), Map::of);
        tellNew(now);
    }

    private void tellNew(Map<Limit, String> now) {
        now.forEach((limit, text) -> {
            if (reached.add(limit)) {
                tell(text);
            }
        });

        synchronized (rate) {
            if (rate.hasDropped()) {
                tell(rate.tell());
            }
        }
    }

    private LimitPolicy.Observed observe() {
        String process = "/proc/" + parked.child().pid();
        return new LimitPolicy.Observed(
                parked.cgroup().processesRefused(),
                OpenFiles.of(Path.of(process), ParkingLot.OPEN_FILES_MAX),
                new FileSystem(host.kernel()).room(process + "/root"));
    }

    @Override
    public Set<Limit> limitsReached() {
        return Set.copyOf(reached);
    }

    SandboxSpec spec() {
        return spec;
    }

    LogTail tail() {
        return tail;
    }

    Parked parked() {
        return parked;
    }

    void timing(StartTiming value) {
        timing = value;
    }

    @Override
    public String id() {
        return spec.id();
    }

    @Override
    public StartTiming timing() {
        return timing;
    }

    @Override
    public CompletableFuture<SandboxExit> exit() {
        return exit.copy();
    }

    @Override
    public CompletableFuture<Void> released() {
        return nothingLeft.copy();
    }

    @Override
    public SandboxUsage usage() {
        return whileThere(this::measure, () -> last);
    }

    @Override
    public long cpuMicros() {
        return whileThere(() -> Math.max(0, parked.cgroup().cpuMicros() - parked.cpuMicros()), () -> last.cpuMicros());
    }

    @Override
    public long memoryBytes() {
        return whileThere(() -> parked.cgroup().memoryBytes(), () -> last.memoryBytes());
    }

    /** Whether it uses no processor time until it is thawed. */
    boolean isFrozen() {
        return frozen;
    }

    /** Ids of its threads on the host; none when it has ended. */
    List<Long> threads() {
        return whileThere(() -> parked.cgroup().threads(), List::of);
    }

    private SandboxUsage measure() {
        CgroupUsage usage = parked.cgroup().usage();
        return new SandboxUsage(
                Math.max(0, usage.cpuMicros() - parked.cpuMicros()),
                usage.memoryBytes(),
                Math.max(usage.memoryPeakBytes(), usage.memoryBytes()));
    }

    /** One attempt to connect from inside; whether it succeeded. The connection is kept for the first {@link #connect()}. */
    boolean listens() {
        return whileThere(this::tryConnect, () -> false);
    }

    private boolean tryConnect() {
        int socket = freshSocket.getAndSet(NONE);
        if (socket == NONE) {
            socket = open();
        }
        int result = host.sockets().connectLoopback(socket, spec.port());
        if (result == 0) {
            host.descriptors().setNonBlocking(socket);
            readyConnection.set(socket);
            return true;
        }
        if (result == -Errno.ECONNREFUSED) {
            freshSocket.set(socket);
        } else {
            // After any other error, a timeout say, the socket is still trying; the next attempt needs another.
            host.descriptors().close(socket);
        }
        return false;
    }

    @Override
    public int connect() {
        int ready = readyConnection.getAndSet(NONE);
        if (ready != NONE) {
            if (host.sockets().isQuiet(ready)) {
                return ready;
            }
            host.descriptors().close(ready);
        }
        return whileThere(this::connectNew, () -> {
            throw notListening("it has ended");
        });
    }

    private int connectNew() {
        int socket = freshSocket.getAndSet(NONE);
        if (socket == NONE) {
            socket = open();
        }
        int result = host.sockets().connectLoopback(socket, spec.port());
        if (result < 0) {
            host.descriptors().close(socket);
            throw notListening(Errno.name(-result));
        }
        host.descriptors().setNonBlocking(socket);
        return socket;
    }

    private int open() {
        try {
            return host.namespaceSockets().open(parked.child().pidfd());
        } catch (ErrnoException e) {
            throw notListening(e.getMessage() == null ? "no socket" : e.getMessage());
        }
    }

    private ProblemException notListening(String why) {
        return new ProblemException(Problem.of(
                        ErrorCode.NOT_LISTENING,
                        "instance %s does not accept connections on port %d any more: %s"
                                .formatted(spec.id(), spec.port(), why))
                .withEvidence(tail.text()));
    }

    @Override
    public void freeze() {
        whileThere(
                () -> {
                    synchronized (freezer) {
                        if (!dying && !frozen) {
                            // Also when the write fails: some may be frozen by then.
                            frozen = true;
                            parked.cgroup().freeze();
                        }
                    }
                    return true;
                },
                () -> false);
    }

    /** Holds nothing while it waits, so that whoever thaws it, measures it or takes it down need not. */
    @Override
    public boolean standsStill(Duration patience) {
        return Standstill.await(
                patience, () -> whileThere(() -> !frozen || parked.cgroup().standsStill(), () -> true));
    }

    @Override
    public void thaw() {
        whileThere(
                () -> {
                    thawNow();
                    return true;
                },
                () -> false);
    }

    private void thawNow() {
        synchronized (freezer) {
            if (frozen) {
                parked.cgroup().thaw();
                frozen = false;
            }
        }
    }

    /** A grace of zero asks for nothing: the program could not do anything with the signal. */
    @Override
    public void stop(Duration grace) {
        if (!grace.isZero() && asksToStop() && !ended(grace)) {
            LOG.debugf("sandbox did not stop within its grace, killing it instanceId=%s", spec.id());
        }
        kill();
        if (!ended(KILL_PATIENCE)) {
            stuck.add(new StuckSandbox(spec.id(), "it does not end after SIGKILL"), this::isGivenBack);
            throw new ProblemException(new SandboxFailure("sandbox %s does not die".formatted(spec.id())).problem());
        }
    }

    /**
     * Sends the stop signal. The entrypoint is process 1 of its namespace, and the kernel drops signals that such a process has no handler for: waiting for
     * the grace would be in vain then, and this says so.
     */
    private boolean asksToStop() {
        return whileThere(
                () -> {
                    thawNow();
                    int signal = spec.process().stopSignal();
                    return SignalMask.read(host.descriptors(), parked.child().pid())
                                    .receives(signal)
                            && host.processes().signal(parked.child().pidfd(), signal);
                },
                () -> false);
    }

    /** Kills everything inside; a frozen process dies when it is thawed. */
    void kill() {
        whileThere(
                () -> {
                    host.processes().signal(parked.child().pidfd(), (int) Named.SIGKILL.value());
                    synchronized (freezer) {
                        dying = true;
                        thawNow();
                    }
                    return true;
                },
                () -> false);
    }

    /** One more attempt, when it should have been gone long ago. */
    private boolean isGivenBack() {
        if (!released.isDone()) {
            kill();
            // Whoever froze it, it cannot die frozen.
            whileThere(
                    () -> {
                        parked.cgroup().thaw();
                        return true;
                    },
                    () -> false);
            return false;
        }
        if (released.isCompletedExceptionally() && !lot.releaseLate(parked)) {
            return false;
        }
        nothingLeft.complete(null);
        return true;
    }

    private boolean ended(Duration patience) {
        try {
            released.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("sandbox %s could not be given back".formatted(spec.id()), e.getCause());
        }
    }

    /** Waits until the process has ended and everything is given back. */
    boolean awaitReleased(Duration patience) {
        return ended(patience);
    }

    /** The process has ended and was reaped; with it, as first process of its namespace, everything inside. */
    private void end(int code) {
        SandboxExit result = lastLook(code);
        exit.completeAsync(() -> result, Thread::startVirtualThread);
        try {
            closeSocket(freshSocket.getAndSet(NONE));
            closeSocket(readyConnection.getAndSet(NONE));
            lot.release(parked);
            released.complete(null);
            nothingLeft.complete(null);
        } catch (RuntimeException e) {
            stuck.add(new StuckSandbox(spec.id(), String.valueOf(e.getMessage())), this::isGivenBack);
            released.completeExceptionally(e);
        }
    }

    /** It is given back whatever becomes of what is said of it. */
    private SandboxExit lastLook(int code) {
        try {
            lastLimits();
        } catch (RuntimeException e) {
            LOG.warnf(e, "limits reached by instanceId=%s are not told", spec.id());
        }
        lock.writeLock().lock();
        try {
            last = measure();
            return exit(code);
        } catch (RuntimeException e) {
            LOG.warnf(e, "less is known of the end of instanceId=%s than could be", spec.id());
            return new SandboxExit(code, false);
        } finally {
            gone = true;
            lock.writeLock().unlock();
        }
    }

    /** Of a short life nobody has looked at; what its group has counted can still be read. */
    private void lastLimits() {
        long refused = parked.cgroup().processesRefused();
        tellNew(LimitPolicy.reached(
                spec.limits(),
                ParkingLot.OPEN_FILES_MAX,
                new LimitPolicy.Observed(refused, 0, FileSystem.Room.UNKNOWN)));
    }

    private SandboxExit exit(int code) {
        if (parked.cgroup().outOfMemoryKills() == 0) {
            return new SandboxExit(code, false);
        }
        KernelLog.Kill kill = new KernelLog(host.descriptors()).lastKill(parked.rootUid(), UidRanges.SIZE);
        return new SandboxExit(code, true, MemoryReport.text(last.memoryPeakBytes(), kill));
    }

    private void closeSocket(int socket) {
        if (socket != NONE) {
            host.descriptors().close(socket);
        }
    }

    private <T> T whileThere(Supplier<T> action, Supplier<T> otherwise) {
        lock.readLock().lock();
        try {
            return gone ? otherwise.get() : action.get();
        } finally {
            lock.readLock().unlock();
        }
    }
}
