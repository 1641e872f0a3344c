package dev.wisp.node.instance;

import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.dataplane.StartOutcome.Refusal;
import dev.wisp.contracts.node.NodeStatus.Evictable;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.instance.ConvergencePolicy.Action;
import dev.wisp.node.instance.ConvergencePolicy.Convergence;
import dev.wisp.node.instance.GrantPolicy.Purpose;
import dev.wisp.node.instance.InstanceInput.DrainAsked;
import dev.wisp.node.instance.InstanceState.Draining;
import dev.wisp.node.instance.InstanceState.Gone;
import dev.wisp.node.instance.InstanceState.Ready;
import dev.wisp.node.instance.RevisionInstances.Claim;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Every instance of this node: starts them within the grant, converges on the plan, and notices their ends. Thread-safe. Convergence
 * runs on the one thread of {@code clock}: a revision is looked at when something about it changed, and when an idle instance of it will
 * have reached its keep-alive.
 */
public final class NodeInstances implements Instance.Listener {

    private static final int ID_SUFFIX_LENGTH = 8;
    private static final int ID_PREFIX_MAX = 63 - 1 - ID_SUFFIX_LENGTH;
    private static final Duration REFUSED_RETRY = Duration.ofSeconds(1);

    /** How long a start waits for what frozen instances were told to give up; most are gone within milliseconds. */
    private static final Duration ROOM_WAIT_MAX = Duration.ofSeconds(1);

    private static final Duration DRAIN_POLL = Duration.ofMillis(20);

    private final InstanceSettings settings;
    private final CapacityLedger capacity;
    private final FrozenKeeper frozen;
    private final InstanceLauncher launcher;
    private final InstanceAnnouncer announcer;
    private final ScheduledExecutorService clock;
    private final InstantSource now;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Map<RevisionId, RevisionInstances> revisions = new ConcurrentHashMap<>();
    private final Map<String, Instance> instances = new ConcurrentHashMap<>();
    private final List<Consumer<Ended>> endListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Instance>> beginListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<StartOutcome>> startListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<RevisionId>> retireListeners = new CopyOnWriteArrayList<>();
    private final LongAdder frozenNanosOfEnded = new LongAdder();
    private volatile boolean stopping;

    /** An instance that is gone, for metrics. */
    public record Ended(RevisionSpec revision, Ending ending) {}

    NodeInstances(
            InstanceSettings settings,
            CapacityLedger capacity,
            FrozenKeeper frozen,
            InstanceLauncher launcher,
            InstanceAnnouncer announcer,
            ScheduledExecutorService clock,
            InstantSource now,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.settings = settings;
        this.capacity = capacity;
        this.frozen = frozen;
        this.launcher = launcher;
        this.announcer = announcer;
        this.clock = clock;
        this.now = now;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** Starts one instance for a gateway; the future never fails, and completes at once when refused. */
    public CompletableFuture<StartOutcome> start(RevisionId id) {
        return start(id, Purpose.GATEWAY);
    }

    /** A live or draining instance, null when there is none of that name. */
    public @Nullable Instance find(String instanceId) {
        return instances.get(instanceId);
    }

    /** How long instances were frozen, all together, those that are gone included. */
    public Duration frozen() {
        long live = instances.values().stream().mapToLong(Instance::frozenNanos).sum();
        return Duration.ofNanos(live + frozenNanosOfEnded.sum());
    }

    /** What frozen instances would give up for a start. */
    public Evictable evictable() {
        return frozen.evictable(revisions.values());
    }

    public Collection<Instance> all() {
        return List.copyOf(instances.values());
    }

    /** How many there are of a revision, in whatever state. */
    public int count(RevisionId id) {
        RevisionInstances revision = revisions.get(id);
        return revision == null ? 0 : revision.count();
    }

    /** Revisions of a service that this node knows, newest first. */
    public List<RevisionId> revisionsOf(String namespace, String service) {
        return revisions.values().stream()
                .map(RevisionInstances::spec)
                .filter(spec -> spec.id().namespace().equals(namespace)
                        && spec.service().equals(service))
                .sorted(Comparator.comparing(RevisionSpec::createdAt).reversed())
                .map(RevisionSpec::id)
                .toList();
    }

    /** Calls the listener for every instance that ends from now on; it must return at once. */
    public void onEnd(Consumer<Ended> listener) {
        endListeners.add(listener);
    }

    /** Calls the listener for every instance that begins from now on, before its start; it must return at once. */
    public void onBegin(Consumer<Instance> listener) {
        beginListeners.add(listener);
    }

    /** Calls the listener for every start that was tried from now on, however it ended; it must return at once. */
    public void onStart(Consumer<StartOutcome> listener) {
        startListeners.add(listener);
    }

    /** Calls the listener for every revision of which nothing is left here after its deletion. */
    public void onRetired(Consumer<RevisionId> listener) {
        retireListeners.add(listener);
    }

    CompletableFuture<StartOutcome> start(RevisionId id, Purpose purpose) {
        if (stopping) {
            return refused(Refusal.STOPPING, "node " + settings.nodeId() + " is stopping");
        }
        RevisionInstances revision = revisions.get(id);
        if (revision == null) {
            return refused(Refusal.UNKNOWN_REVISION, "revision %s is not known on this node".formatted(id));
        }
        return start(revision, purpose, nanoTime.getAsLong() + ROOM_WAIT_MAX.toNanos());
    }

    /**
     * Has room made where there is none, and asks again whenever something is given back, which need not be what this start had given up, or be left for it.
     *
     * @param untilNanos when it is refused in the end
     */
    private CompletableFuture<StartOutcome> start(RevisionInstances revision, Purpose purpose, long untilNanos) {
        Limits limits = revision.spec().limits();
        CompletableFuture<Void> givenBack = capacity.nextGivenBack();
        Claim claim = revision.claim(purpose, () -> newInstance(revision.spec()));
        if (claim instanceof Claim.Claimed claimed) {
            return launch(claimed, purpose);
        }
        Claim.Denied denied = (Claim.Denied) claim;
        long restNanos = untilNanos - nanoTime.getAsLong();
        if (!denied.isForRoom() || restNanos <= 0 || stopping || !frozen.makeRoom(limits, revisions.values())) {
            return CompletableFuture.completedFuture(denied.refused());
        }
        if (purpose == Purpose.PLAN) {
            // The node itself asks again later, and needs an answer now.
            frozen.waitsNoMore(limits);
            return CompletableFuture.completedFuture(denied.refused());
        }
        return givenBack
                .copy()
                .completeOnTimeout(null, restNanos, TimeUnit.NANOSECONDS)
                .thenCompose(nothing -> {
                    frozen.waitsNoMore(limits);
                    return start(revision, purpose, untilNanos);
                });
    }

    private CompletableFuture<StartOutcome> launch(Claim.Claimed claimed, Purpose purpose) {
        instances.put(claimed.instance().id(), claimed.instance());
        beginListeners.forEach(listener -> listener.accept(claimed.instance()));
        announcer.changed(claimed.instance());
        CompletableFuture<StartOutcome> launched = launcher.launch(claimed.instance(), claimed.image(), purpose);
        launched.thenAccept(outcome -> startListeners.forEach(listener -> listener.accept(outcome)));
        return launched;
    }

    /** Looks whether frozen instances leave node and machine their head-room, and ends those that do not. */
    void keepHeadroom() {
        frozen.runOnce(revisions.values());
    }

    /** Adds a revision; returns null when it is here already. */
    @Nullable
    RevisionInstances add(RevisionSpec spec) {
        RevisionInstances added =
                new RevisionInstances(spec, capacity, settings.burstWithoutPlan(), nanoTime.getAsLong());
        return revisions.putIfAbsent(spec.id(), added) == null ? added : null;
    }

    @Nullable
    RevisionInstances revision(RevisionId id) {
        return revisions.get(id);
    }

    Collection<RevisionInstances> revisions() {
        return List.copyOf(revisions.values());
    }

    /** True when this node's share changed. */
    boolean plan(RevisionPlan plan) {
        RevisionInstances revision = revisions.get(plan.revision());
        if (revision == null || !revision.plan(plan, settings.nodeId())) {
            return false;
        }
        poke(revision);
        return true;
    }

    /** Lets its instances finish what they have, stops them and forgets it. */
    void retire(RevisionId id, String reason) {
        RevisionInstances revision = revisions.get(id);
        if (revision != null) {
            revision.retire(new Ending(Ending.Cause.RETIRED, reason));
            poke(revision);
        }
    }

    void poke(RevisionInstances revision) {
        if (!clock.isShutdown()) {
            clock.execute(() -> converge(revision));
        }
    }

    boolean isStopping() {
        return stopping;
    }

    /** Refuses what is new, for good. */
    void refuseAll() {
        stopping = true;
    }

    /** Refuses what is new, waits for what is in flight, stops everything. Blocks for at most drain timeout and stop grace. */
    void stopAll() {
        refuseAll();
        Ending ending = new Ending(Ending.Cause.SHUTDOWN, "node is stopping");
        instances.values().forEach(instance -> instance.handle(new DrainAsked(ending, false)));
        long deadline = nanoTime.getAsLong() + settings.drainTimeout().toNanos();
        while (instances.values().stream().anyMatch(instance -> instance.inFlight() > 0)
                && deadline - nanoTime.getAsLong() > 0) {
            try {
                Thread.sleep(DRAIN_POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        instances.values().stream().filter(instance -> instance.inFlight() > 0).forEach(launcher::stop);
        launcher.close();
        announcer.runOnce();
    }

    @Override
    public void moved(Instance instance, InstanceState from, InstanceState to) {
        if (to.getClass() != from.getClass()) {
            announcer.changed(instance);
        }
        switch (to) {
            case Ready ready when ready.isIdle() -> idle(instance, ready);
            case Draining draining when draining.inFlight() == 0 -> launcher.stop(instance);
            case Gone gone -> ended(instance, gone.ending());
            case Ready ready -> {}
            case Draining draining -> {}
            case InstanceState.Starting starting -> {}
        }
    }

    /** Makes sure that the revision is looked at when this idleness has lasted for its keep-alive, or until it is to be frozen. */
    private void idle(Instance instance, Ready ready) {
        RevisionInstances revision = revisions.get(instance.revision().id());
        if (revision == null) {
            return;
        }
        long patienceNanos = revision.patience().nanos(ready.used());
        if (revision.isRetired() || ready.idleSinceNanos() + patienceNanos < revision.lookAgainAtNanos()) {
            poke(revision);
        }
    }

    private void ended(Instance instance, Ending ending) {
        instances.remove(instance.id());
        frozenNanosOfEnded.add(instance.frozenNanos());
        Log.infof("instance ended instanceId=%s reason=%s", instance.id(), ending.reason());
        RevisionInstances revision = revisions.get(instance.revision().id());
        if (revision != null) {
            Duration lived = Duration.ofNanos(instance.lifeNanos());
            revision.ended(instance, ending, lived, random.nextDouble(), nanoTime.getAsLong());
            poke(revision);
        }
        endListeners.forEach(listener -> listener.accept(new Ended(instance.revision(), ending)));
    }

    private void converge(RevisionInstances revision) {
        if (stopping) {
            return;
        }
        revision.lookAgainAt(Long.MAX_VALUE, null);
        long nowNanos = nanoTime.getAsLong();
        Convergence convergence = revision.converge(nowNanos);
        long lookAgainAtNanos = convergence.lookAgainAtNanos();
        for (Action action : convergence.actions()) {
            if (!apply(revision, action)) {
                lookAgainAtNanos = Math.min(lookAgainAtNanos, nowNanos + REFUSED_RETRY.toNanos());
            }
        }
        if (lookAgainAtNanos != Long.MAX_VALUE) {
            long delayNanos = Math.max(0, lookAgainAtNanos - nowNanos);
            revision.lookAgainAt(
                    lookAgainAtNanos, clock.schedule(() -> converge(revision), delayNanos, TimeUnit.NANOSECONDS));
        }
        if (revision.isRetired()
                && revision.isEmpty()
                && revisions.remove(revision.spec().id(), revision)) {
            retireListeners.forEach(listener -> listener.accept(revision.spec().id()));
        }
    }

    /** False when it should be tried again. */
    private boolean apply(RevisionInstances revision, Action action) {
        return switch (action) {
            case Action.StartInstances starts -> startPlanned(revision, starts.number());
            case Action.StopInstance stop -> ask(revision, stop.id(), new DrainAsked(stop.ending(), true));
            case Action.FreezeInstance freeze -> freeze(revision, freeze);
            case Action.DrainInstance drain -> ask(revision, drain.id(), new DrainAsked(drain.ending(), false));
        };
    }

    private boolean startPlanned(RevisionInstances revision, int number) {
        RevisionId id = revision.spec().id();
        for (int started = 0; started < number; started++) {
            CompletableFuture<StartOutcome> outcome = start(id, Purpose.PLAN);
            if (outcome.getNow(null) instanceof StartOutcome.Refused(Refusal refusal, String detail)) {
                Log.debugf("plan asks for %d more of revision=%s but: %s %s", number, id, refusal, detail);
                return false;
            }
        }
        return true;
    }

    private boolean freeze(RevisionInstances revision, Action.FreezeInstance freeze) {
        Instance instance = revision.instance(freeze.id());
        return instance == null || launcher.freeze(instance, freeze.idleSinceNanos());
    }

    /** A refusal needs no second try: the instance moved meanwhile, and that move is looked at. */
    private static boolean ask(RevisionInstances revision, String instanceId, DrainAsked input) {
        Instance instance = revision.instance(instanceId);
        if (instance != null) {
            instance.handle(input);
        }
        return true;
    }

    private Instance newInstance(RevisionSpec spec) {
        String name = spec.id().name();
        String prefix = name.length() <= ID_PREFIX_MAX ? name : name.substring(0, ID_PREFIX_MAX);
        String suffix = random.ints(ID_SUFFIX_LENGTH, 0, 36)
                .collect(StringBuilder::new, (text, digit) -> text.append(Character.forDigit(digit, 36)), (a, b) -> {})
                .toString();
        return new Instance((prefix + "-" + suffix).toLowerCase(Locale.ROOT), spec, now.instant(), nanoTime, this);
    }

    private static CompletableFuture<StartOutcome> refused(Refusal refusal, String detail) {
        return CompletableFuture.completedFuture(new StartOutcome.Refused(refusal, detail));
    }
}
