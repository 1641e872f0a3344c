package dev.wisp.node.instance;

import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.dataplane.StartOutcome.Refusal;
import dev.wisp.contracts.plan.EpochPolicy;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.image.UnpackedImage;
import dev.wisp.node.instance.ConvergencePolicy.Convergence;
import dev.wisp.node.instance.ConvergencePolicy.Observed;
import dev.wisp.node.instance.ConvergencePolicy.Wanted;
import dev.wisp.node.instance.GrantPolicy.Decision;
import dev.wisp.node.instance.GrantPolicy.Purpose;
import dev.wisp.node.instance.InstanceState.Ready;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one revision on this node, with what is wanted of them. Thread-safe: its lock makes check and claim of a start one
 * step, so that many gateways cannot pass the grant together.
 */
final class RevisionInstances {

    private final RevisionSpec spec;
    private final Patience patience;
    private final CapacityLedger capacity;
    private final int burstWithoutPlan;
    private final Map<String, Instance> instances = new LinkedHashMap<>();

    private @Nullable UnpackedImage image;
    private boolean serving;
    private @Nullable NodeShare share;
    private long epoch = Long.MIN_VALUE;
    private @Nullable Ending retirement;
    private int crashesInARow;
    private long startNotBeforeNanos;

    /** When the node will look at this revision again; written by the convergence thread alone, as is the timer for it. */
    private volatile long lookAgainAtNanos = Long.MAX_VALUE;

    private @Nullable Future<?> lookAgain;

    RevisionInstances(RevisionSpec spec, CapacityLedger capacity, int burstWithoutPlan, long nowNanos) {
        this.spec = spec;
        this.patience = Patience.of(spec.scaling());
        this.capacity = capacity;
        this.burstWithoutPlan = burstWithoutPlan;
        this.startNotBeforeNanos = nowNanos;
    }

    /** What became of asking for an instance. */
    sealed interface Claim {

        /** It is the caller's to start. */
        record Claimed(Instance instance, UnpackedImage image) implements Claim {}

        /** Not now. */
        record Denied(StartOutcome.Refused refused) implements Claim {

            /** It was granted, and the node has no room. */
            boolean isForRoom() {
                return refused.refusal() == Refusal.NO_CAPACITY;
            }
        }
    }

    /** One that is frozen. */
    record Frozen(Instance instance, boolean used, long idleSinceNanos) {}

    RevisionSpec spec() {
        return spec;
    }

    Patience patience() {
        return patience;
    }

    /** Checks grant and free resources, and claims both. */
    synchronized Claim claim(Purpose purpose, Supplier<Instance> maker) {
        UnpackedImage unpacked = image;
        if (unpacked == null || (purpose != Purpose.PROBE && !serving)) {
            return denied(Refusal.NOT_PREPARED, "revision %s is not prepared on this node".formatted(spec.id()));
        }
        if (retirement != null) {
            return denied(Refusal.UNKNOWN_REVISION, retirement.reason());
        }
        Decision decision =
                GrantPolicy.decide(purpose, share, spec.scaling().maxScale(), burstWithoutPlan, liveLocked());
        if (decision instanceof Decision.Denied(Refusal refusal, String detail)) {
            return denied(refusal, detail);
        }
        if (!capacity.promise(spec.limits())) {
            return denied(Refusal.NO_CAPACITY, capacity.describe(spec.limits()));
        }
        Instance instance = maker.get();
        instances.put(instance.id(), instance);
        return new Claim.Claimed(instance, unpacked);
    }

    /** The image is there, so that a probe may start. */
    synchronized void unpacked(UnpackedImage prepared) {
        image = prepared;
    }

    /** An instance of it has been seen ready here. */
    synchronized void serve() {
        serving = true;
    }

    synchronized boolean isServing() {
        return serving;
    }

    /** Takes a plan over unless a newer one is known; true when this node's share changed. */
    synchronized boolean plan(RevisionPlan plan, String nodeId) {
        return plan(plan.epoch(), plan.share(nodeId).orElse(new NodeShare(nodeId, 0, 0)));
    }

    synchronized boolean plan(long newEpoch, @Nullable NodeShare newShare) {
        if (!EpochPolicy.accepts(epoch, newEpoch)) {
            return false;
        }
        epoch = newEpoch;
        boolean changed = newShare != null && !newShare.equals(share);
        share = newShare;
        return changed;
    }

    synchronized KnownRevisions.Known known() {
        return new KnownRevisions.Known(spec, share, epoch, serving);
    }

    synchronized void retire(Ending ending) {
        retirement = ending;
    }

    synchronized boolean isRetired() {
        return retirement != null;
    }

    /** What to do now. */
    synchronized Convergence converge(long nowNanos) {
        List<Observed> live = instances.values().stream()
                .map(RevisionInstances::observe)
                .filter(observed -> observed != null)
                .toList();
        return ConvergencePolicy.converge(
                new Wanted(plannedLocked(), grantedLocked(), patience, startNotBeforeNanos, retirement),
                live,
                nowNanos);
    }

    /** Its process is gone: what failed early delays the node's own next start. */
    synchronized void ended(Instance instance, Ending ending, Duration lived, double random, long nowNanos) {
        instances.remove(instance.id());
        boolean healthy = lived.compareTo(CrashBackoffPolicy.HEALTHY_AFTER) >= 0;
        switch (ending.cause()) {
            case CRASH, OUT_OF_MEMORY, START_FAILED -> {
                crashesInARow = healthy ? 1 : crashesInARow + 1;
                startNotBeforeNanos = nowNanos
                        + CrashBackoffPolicy.pause(crashesInARow, random).toNanos();
            }
            case IDLE, EVICTED, RETIRED, SHUTDOWN -> crashesInARow = healthy ? 0 : crashesInARow;
        }
    }

    synchronized @Nullable Instance instance(String id) {
        return instances.get(id);
    }

    synchronized List<Instance> instances() {
        return List.copyOf(instances.values());
    }

    /** Frozen ones beyond what the plan holds, the longest idle first: none is started again if they end. */
    synchronized List<Frozen> frozenBeyondPlan() {
        List<Frozen> frozen = new ArrayList<>();
        int live = 0;
        for (Instance instance : instances.values()) {
            InstanceState state = instance.state();
            live += state.isLive() && !(state instanceof InstanceState.Draining) ? 1 : 0;
            if (state instanceof Ready ready && ready.isIdle() && instance.isFrozen()) {
                frozen.add(new Frozen(instance, ready.used(), ready.idleSinceNanos()));
            }
        }
        return frozen.stream()
                .sorted(Comparator.comparingLong(Frozen::idleSinceNanos)
                        .thenComparing(one -> one.instance().id()))
                .limit(Math.max(0, live - plannedLocked()))
                .toList();
    }

    synchronized int count() {
        return instances.size();
    }

    synchronized boolean isEmpty() {
        return instances.isEmpty();
    }

    long lookAgainAtNanos() {
        return lookAgainAtNanos;
    }

    /** Replaces the timer, so that a revision never has two. */
    void lookAgainAt(long nanos, @Nullable Future<?> timer) {
        if (lookAgain != null) {
            lookAgain.cancel(false);
        }
        lookAgain = timer;
        lookAgainAtNanos = nanos;
    }

    private int plannedLocked() {
        int count = share == null || !serving ? 0 : share.count();
        return spec.scaling().maxScale() == 0
                ? count
                : Math.min(count, spec.scaling().maxScale());
    }

    /** Without a plan, and before the revision was proved here, nothing is beyond it. */
    private int grantedLocked() {
        return share == null || !serving
                ? Integer.MAX_VALUE
                : (int) Math.min((long) share.count() + share.burst(), Integer.MAX_VALUE);
    }

    private int liveLocked() {
        return (int) instances.values().stream()
                .filter(instance -> instance.state().isLive())
                .count();
    }

    private static @Nullable Observed observe(Instance instance) {
        InstanceState state = instance.state();
        if (!state.isLive() || state instanceof InstanceState.Draining) {
            return null;
        }
        return state instanceof Ready ready
                ? new Observed(
                        instance.id(),
                        true,
                        ready.inFlight(),
                        ready.used(),
                        ready.idleSinceNanos(),
                        instance.isFrozen())
                : new Observed(instance.id(), false, 0, false, 0, false);
    }

    private static Claim denied(Refusal refusal, String detail) {
        return new Claim.Denied(new StartOutcome.Refused(refusal, detail));
    }
}
