package dev.wisp.node.instance;

import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.instance.InstanceInput.RequestArrived;
import dev.wisp.node.instance.InstanceInput.RequestEnded;
import dev.wisp.node.instance.InstanceState.Draining;
import dev.wisp.node.instance.InstanceState.Gone;
import dev.wisp.node.instance.InstanceState.Ready;
import dev.wisp.node.instance.InstanceState.Starting;
import dev.wisp.node.sandbox.Sandbox;
import dev.wisp.node.sandbox.SandboxUsage;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One instance: its state, which nothing else may change, and its sandbox. Thread-safe: requests come and go on many event loops, and
 * each move is one compare-and-set.
 */
public final class Instance {

    /** Stands for no descriptor. */
    public static final int NO_SOCKET = -1;

    private static final long NOT_YET = -1;

    private final String id;
    private final RevisionSpec revision;
    private final Instant startedAt;
    private final LongSupplier nanoTime;
    private final Listener listener;
    private final AtomicReference<InstanceState> state = new AtomicReference<>(new Starting());
    private final CompletableFuture<Ending> gone = new CompletableFuture<>();
    private final long bornNanos;
    private final AtomicInteger spareSocket = new AtomicInteger(NO_SOCKET);
    private volatile @Nullable Sandbox sandbox;
    private volatile long startedNanos = NOT_YET;
    private final Freezer freezer;

    /** Learns of moves; called on whatever thread made the move, and must return at once. */
    interface Listener {

        void moved(Instance instance, InstanceState from, InstanceState to);
    }

    Instance(String id, RevisionSpec revision, Instant startedAt, LongSupplier nanoTime, Listener listener) {
        this.id = id;
        this.revision = revision;
        this.startedAt = startedAt;
        this.nanoTime = nanoTime;
        this.bornNanos = nanoTime.getAsLong();
        this.listener = listener;
        this.freezer = new Freezer(nanoTime);
    }

    public String id() {
        return id;
    }

    public RevisionSpec revision() {
        return revision;
    }

    /**
     * Takes a slot; false when none is free or the instance takes no requests. Each true needs one {@link #release}. A frozen instance runs again when this
     * returns, which takes some 20 µs.
     */
    public boolean admit() {
        boolean admitted = handle(new RequestArrived());
        if (admitted) {
            freezer.thaw(sandbox);
        }
        return admitted;
    }

    /** Takes it off the processors if it is idle since then and nobody has asked for it meanwhile. */
    void freeze(long idleSinceNanos) {
        freezer.freeze(
                sandbox,
                () -> state.get() instanceof Ready ready && ready.isIdle() && ready.idleSinceNanos() == idleSinceNanos);
    }

    public boolean isFrozen() {
        return freezer.isFrozen();
    }

    /** How long it was frozen until now, all together. */
    public long frozenNanos() {
        return freezer.frozenNanos();
    }

    /** How long it has been there. */
    public long lifeNanos() {
        return nanoTime.getAsLong() - bornNanos;
    }

    /** How long its start took, or has taken so far. */
    public long startNanos() {
        long taken = startedNanos;
        return taken == NOT_YET ? lifeNanos() : taken;
    }

    /** What its sandbox has used so far, 0 before there is one. */
    public long cpuMicros() {
        Sandbox running = sandbox;
        return running == null ? 0 : running.cpuMicros();
    }

    public void release() {
        handle(new RequestEnded(nanoTime.getAsLong()));
    }

    /** Its sandbox; only for whoever was admitted. */
    public Sandbox sandbox() {
        Sandbox running = sandbox;
        if (running == null) {
            throw new IllegalStateException("instance " + id + " has no sandbox yet");
        }
        return running;
    }

    /**
     * A connection that was opened with the start, so that the request which caused it need not wait for one; {@link #NO_SOCKET} when
     * there is none or it was taken. The caller owns it.
     */
    public int takeSpareSocket() {
        return spareSocket.getAndSet(NO_SOCKET);
    }

    /** Completes when its process is gone. */
    public CompletableFuture<Ending> gone() {
        return gone.copy();
    }

    /** Its state in the words of the contract. */
    public InstanceEvent.State published() {
        return published(state.get());
    }

    public int inFlight() {
        return state.get().inFlight();
    }

    /** State and usage now, as it is published. */
    public InstanceEvent snapshot(String nodeId, Instant now) {
        InstanceState current = state.get();
        Sandbox running = sandbox;
        SandboxUsage usage = running == null ? new SandboxUsage(0, 0, 0) : running.usage();
        return new InstanceEvent(
                id,
                revision.id(),
                nodeId,
                published(current),
                revision.containerConcurrency(),
                current.inFlight(),
                reason(current),
                usage.memoryBytes(),
                usage.cpuMicros(),
                startedAt,
                now);
    }

    InstanceState state() {
        return state.get();
    }

    Instant startedAt() {
        return startedAt;
    }

    @Nullable
    Sandbox sandboxOrNull() {
        return sandbox;
    }

    void attach(Sandbox started) {
        sandbox = started;
    }

    void attachSocket(int descriptor) {
        spareSocket.set(descriptor);
    }

    /** Moves if the input is legal in the current state; false when it is refused. */
    boolean handle(InstanceInput input) {
        while (true) {
            InstanceState from = state.get();
            InstanceState to = LifecyclePolicy.next(from, input, revision.containerConcurrency());
            if (to == null) {
                return false;
            }
            if (state.compareAndSet(from, to)) {
                if (from instanceof Starting) {
                    startedNanos = lifeNanos();
                }
                listener.moved(this, from, to);
                if (to instanceof Gone end) {
                    gone.complete(end.ending());
                }
                return true;
            }
        }
    }

    private static InstanceEvent.State published(InstanceState state) {
        return switch (state) {
            case Starting starting -> InstanceEvent.State.STARTING;
            case Ready ready -> InstanceEvent.State.READY;
            case Draining draining -> InstanceEvent.State.DRAINING;
            case Gone gone -> InstanceEvent.State.GONE;
        };
    }

    private static String reason(InstanceState state) {
        return switch (state) {
            case Starting starting -> "";
            case Ready ready -> "";
            case Draining draining -> draining.ending().reason();
            case Gone gone -> gone.ending().reason();
        };
    }
}
