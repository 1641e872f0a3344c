package dev.wisp.node.instance;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.dataplane.StartOutcome.Refusal;
import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.plan.EpochPolicy;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.image.UnpackedImage;
import dev.wisp.node.instance.ConvergencePolicy.Action;
import dev.wisp.node.instance.GrantPolicy.Purpose;
import dev.wisp.node.instance.InstanceInput.DrainAsked;
import dev.wisp.node.instance.InstanceState.Draining;
import dev.wisp.node.instance.InstanceState.Gone;
import dev.wisp.node.instance.InstanceState.Ready;
import dev.wisp.testkit.simulation.Chance;
import dev.wisp.testkit.simulation.SimulatedBus;
import dev.wisp.testkit.simulation.VirtualTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node whose sandboxes are timers: claims, grants, convergence, lifecycle and announcements are the production's, and what is around them
 * follows {@link NodeAgent} and {@link NodeInstances} without their threads.
 */
public final class SimulatedNode implements Instance.Listener {

    /** What instances that request processor time have of a node. */
    public static final int CPU_MILLICORES = 8_000;

    private static final UnpackedImage IMAGE = new UnpackedImage("sha256:0", List.of(), 0, 0, 0);
    private static final Duration START_MAX = Duration.ofMillis(30);
    private static final Duration STOP_MAX = Duration.ofMillis(5);
    private static final int BURST_WITHOUT_PLAN = 4;
    private static final long MEMORY_BYTES = 64L << 30;
    private static final int HEADROOM_PERCENT = 10;
    private static final Duration ROOM_WAIT_MAX = Duration.ofSeconds(1);

    private final String nodeId;
    private final SimulatedBus bus;
    private final VirtualTime time;
    private final Disk disk;
    private final double failing;
    private final Chance chance;
    private final CapacityLedger capacity;
    private final FrozenKeeper frozen;
    private final FactPublisher publisher;
    private final InstanceAnnouncer announcer;
    private final Map<RevisionId, RevisionInstances> revisions = new HashMap<>();
    private final Map<RevisionId, RevisionPlan> plans = new HashMap<>();
    private final Map<String, Instance> instances = new HashMap<>();
    private int made;
    private long moves;
    private int evicted;
    /** What starts wait for that had room made, below zero. */
    private Room awaited = new Room(0, 0, 0);

    /** What outlives a node's process. */
    public static final class Disk {
        private final Map<RevisionId, KnownRevisions.Known> known = new HashMap<>();
        private int lives;
    }

    /**
     * Starts a node.
     *
     * @param failing share of starts that come to nothing
     */
    public SimulatedNode(
            String nodeId, SimulatedBus bus, VirtualTime time, Disk disk, int sandboxesMax, double failing) {
        this.nodeId = nodeId;
        this.bus = bus;
        this.time = time;
        this.disk = disk;
        this.failing = failing;
        this.chance = time.chance(bus.name());
        this.capacity = new CapacityLedger(MEMORY_BYTES, sandboxesMax, CPU_MILLICORES);
        this.frozen = new FrozenKeeper(
                capacity, HEADROOM_PERCENT, () -> new HostMemory(MEMORY_BYTES, MEMORY_BYTES / 2, 0), time::nanos);
        VirtualExecutor clock = new VirtualExecutor(time, bus);
        this.publisher = new FactPublisher(bus, clock);
        this.announcer = new InstanceAnnouncer(nodeId, publisher, clock, time);
        disk.lives++;
        List.copyOf(disk.known.values()).forEach(this::recall);
        bus.subscribe(Topics.PLANS, this::planned);
        bus.subscribe(Topics.REVISIONS, this::revised);
        forgetFormerInstances();
        time.every(NodeStatus.HEARTBEAT, chance, this::report);
    }

    public SimulatedBus bus() {
        return bus;
    }

    /** Instances of a revision that serve or may come to. */
    public int live(RevisionId id) {
        RevisionInstances revision = revisions.get(id);
        return revision == null
                ? 0
                : (int) revision.instances().stream()
                        .filter(instance -> instance.state().isLive())
                        .count();
    }

    /** Of {@link #live}, frozen ones that are here beyond what the plan holds. */
    public int frozenBeyondPlan(RevisionId id) {
        RevisionInstances revision = revisions.get(id);
        return revision == null ? 0 : revision.frozenBeyondPlan().size();
    }

    /** Instances that ended so far because another needed what they held. */
    public int evicted() {
        return evicted;
    }

    /** What no instance has requested. */
    public int cpuMillicoresFree() {
        return capacity.cpuMillicoresMax() - capacity.promised().cpuMillicores();
    }

    /** Grows whenever the state of any instance changes. */
    public long moves() {
        return moves;
    }

    /** The epoch of the last plan of a revision that was taken over. */
    public long epoch(RevisionId id) {
        RevisionInstances revision = revisions.get(id);
        return revision == null ? -1 : revision.known().epoch();
    }

    public boolean isReady(String instanceId) {
        Instance instance = instances.get(instanceId);
        return instance != null && instance.state() instanceof Ready;
    }

    /** Starts one for a gateway. */
    public void start(RevisionId id, Consumer<StartOutcome> done) {
        start(id, Purpose.GATEWAY, done);
    }

    /** Serves a request that takes so long; false when nothing of it was taken. */
    public boolean serve(String instanceId, Duration takes, Consumer<Boolean> served) {
        Instance instance = instances.get(instanceId);
        if (instance == null || !instance.admit()) {
            return false;
        }
        time.after(takes, () -> {
            boolean alive = bus.isAlive() && instances.containsKey(instanceId);
            if (alive) {
                instance.release();
            }
            served.accept(alive);
        });
        return true;
    }

    /** The workload of some instance ends by itself. */
    public void crashOne() {
        instances.values().stream()
                .filter(instance -> instance.state() instanceof Ready)
                .findFirst()
                .ifPresent(instance -> instance.handle(new InstanceInput.ProcessEnded(ending(Ending.Cause.CRASH))));
    }

    @Override
    public void moved(Instance instance, InstanceState from, InstanceState to) {
        moves++;
        if (to.getClass() != from.getClass()) {
            announcer.changed(instance);
        }
        switch (to) {
            case Ready ready when ready.isIdle() -> lookAgain(instance, ready);
            case Draining draining
            when draining.inFlight() == 0 -> {
                checkEvicted(instance, from, draining);
                capacity.leaves(instance);
                later(STOP_MAX, () -> instance.handle(new InstanceInput.ProcessEnded(draining.ending())));
            }
            case Gone gone -> ended(instance, gone.ending());
            case Ready ready -> {}
            case Draining draining -> {}
            case InstanceState.Starting starting -> {}
        }
    }

    /** One that works is never displaced by one that waits. */
    private void checkEvicted(Instance instance, InstanceState from, Draining draining) {
        if (draining.ending().cause() != Ending.Cause.EVICTED) {
            return;
        }
        evicted++;
        if (!(from instanceof Ready ready && ready.isIdle() && instance.isFrozen())) {
            throw new IllegalStateException("%s was ended for another while it was %s".formatted(instance.id(), from));
        }
    }

    private void recall(KnownRevisions.Known known) {
        RevisionInstances revision = add(known.spec());
        revision.plan(known.epoch(), known.share());
        converge(revision);
    }

    private void revised(String key, @Nullable RevisionSpec spec) {
        if (spec == null) {
            RevisionId id = RevisionId.parse(key);
            disk.known.remove(id);
            plans.remove(id);
            RevisionInstances revision = revisions.get(id);
            if (revision != null) {
                revision.retire(ending(Ending.Cause.RETIRED));
                converge(revision);
            }
        } else if (!revisions.containsKey(spec.id())) {
            RevisionInstances revision = add(spec);
            RevisionPlan plan = plans.get(spec.id());
            if (plan != null) {
                revision.plan(plan, nodeId);
            }
            disk.known.put(spec.id(), revision.known());
            converge(revision);
        }
    }

    private void planned(String key, @Nullable RevisionPlan plan) {
        if (plan == null) {
            plans.remove(RevisionId.parse(key));
            return;
        }
        plans.merge(plan.revision(), plan, (old, next) -> EpochPolicy.accepts(old.epoch(), next.epoch()) ? next : old);
        RevisionInstances revision = revisions.get(plan.revision());
        if (revision == null) {
            return;
        }
        long before = revision.known().epoch();
        boolean changed = revision.plan(plan, nodeId);
        if (revision.known().epoch() < before) {
            throw new IllegalStateException("%s went back to %s".formatted(nodeId, plan));
        }
        if (changed) {
            disk.known.put(plan.revision(), revision.known());
            converge(revision);
        }
    }

    private RevisionInstances add(RevisionSpec spec) {
        RevisionInstances revision = new RevisionInstances(spec, capacity, BURST_WITHOUT_PLAN, time.nanos());
        revision.unpacked(IMAGE);
        revision.serve();
        revisions.put(spec.id(), revision);
        publisher.publish(
                Topics.READINESS,
                spec.id() + "@" + nodeId,
                new RevisionReadiness(
                        spec.id(), nodeId, RevisionReadiness.State.READY, List.of(), null, time.instant()));
        return revision;
    }

    private void forgetFormerInstances() {
        Bus.Subscription former = bus.subscribe(Topics.INSTANCES, (key, event) -> {
            if (event != null && event.nodeId().equals(nodeId) && !instances.containsKey(key)) {
                publisher.publish(Topics.INSTANCES, key, null);
            }
        });
        former.caughtUp().thenRun(former::close);
    }

    private boolean report() {
        if (bus.isAlive()) {
            frozen.runOnce(revisions.values());
            CapacityLedger.Promised promised = capacity.promised();
            publisher.publishOnce(
                    Topics.NODES,
                    nodeId,
                    new NodeStatus(
                            nodeId,
                            nodeId + ":1",
                            capacity.cpuMillicoresMax(),
                            capacity.memoryBytesMax(),
                            capacity.memoryBytesMax() - promised.memoryBytes(),
                            capacity.sandboxesMax(),
                            promised.sandboxes(),
                            true,
                            Map.of("zone", nodeId.endsWith("0") ? "a" : "b"),
                            time.instant(),
                            List.of(),
                            capacity.cpuMillicoresMax() - promised.cpuMillicores(),
                            frozen.evictable(revisions.values())));
            announcer.beat(instances.values());
        }
        return bus.isAlive();
    }

    private void start(RevisionId id, Purpose purpose, Consumer<StartOutcome> done) {
        RevisionInstances revision = revisions.get(id);
        if (revision == null) {
            done.accept(new StartOutcome.Refused(Refusal.UNKNOWN_REVISION, "not known here"));
            return;
        }
        String instanceId = "%s-%s-%d-%d".formatted(id.name(), nodeId, disk.lives, made++);
        switch (revision.claim(
                purpose, () -> new Instance(instanceId, revision.spec(), time.instant(), time::nanos, this))) {
            case RevisionInstances.Claim.Denied denied -> denied(revision.spec(), purpose, denied, done);
            case RevisionInstances.Claim.Claimed claimed -> {
                moves++;
                instances.put(instanceId, claimed.instance());
                announcer.changed(claimed.instance());
                boolean fails = chance.of(failing);
                later(START_MAX, () -> done.accept(launched(claimed.instance(), fails)));
            }
        }
    }

    private void denied(
            RevisionSpec spec, Purpose purpose, RevisionInstances.Claim.Denied denied, Consumer<StartOutcome> done) {
        if (!denied.isForRoom() || !hasRoomMade(spec.limits())) {
            done.accept(denied.refused());
        } else if (purpose == Purpose.GATEWAY) {
            awaited = awaited.without(spec.limits());
            whenGivenBack(spec, done);
        } else {
            frozen.waitsNoMore(spec.limits());
            done.accept(denied.refused());
        }
    }

    private boolean hasRoomMade(Limits asked) {
        NodeStatus.Evictable evictable = frozen.evictable(revisions.values());
        Room free = capacity.freeSoon().with(awaited);
        Room all = free.with(new Room(evictable.memoryBytes(), evictable.sandboxes(), evictable.cpuMillicores()));
        int before = evicted;
        boolean made = frozen.makeRoom(asked, revisions.values());
        if (made != all.holds(asked) || (evicted > before && free.holds(asked))) {
            throw new IllegalStateException("%s has %s, frozen ones hold %s, and room for %s was made: %s by %d ends"
                    .formatted(nodeId, free, evictable, asked, made, evicted - before));
        }
        return made;
    }

    /** Asks once more, when something was given back or that took too long. */
    private void whenGivenBack(RevisionSpec spec, Consumer<StartOutcome> done) {
        boolean[] over = new boolean[1];
        Runnable again = () -> {
            if (!over[0] && bus.isAlive()) {
                over[0] = true;
                awaited = awaited.and(spec.limits());
                frozen.waitsNoMore(spec.limits());
                start(spec.id(), Purpose.GATEWAY, done);
            }
        };
        capacity.nextGivenBack().thenRun(() -> time.after(Duration.ZERO, again));
        time.after(ROOM_WAIT_MAX, again);
    }

    private StartOutcome launched(Instance instance, boolean fails) {
        if (fails) {
            instance.handle(new InstanceInput.ProcessEnded(ending(Ending.Cause.START_FAILED)));
            return new StartOutcome.Failed(Problem.of(ErrorCode.EXITED_BEFORE_READY, "simulated"));
        }
        instance.attach(new SimulatedSandbox(instance.id()));
        instance.handle(new InstanceInput.Listening(time.nanos()));
        return new StartOutcome.Started(
                instance.id(), instance.revision().containerConcurrency(), new StartTiming(0, List.of()));
    }

    private void converge(RevisionInstances revision) {
        ConvergencePolicy.Convergence convergence = revision.converge(time.nanos());
        convergence.actions().forEach(action -> apply(revision, action));
        if (convergence.lookAgainAtNanos() != Long.MAX_VALUE) {
            lookAt(revision, convergence.lookAgainAtNanos());
        }
    }

    private void apply(RevisionInstances revision, Action action) {
        switch (action) {
            case Action.StartInstances starts -> {
                for (int i = 0; i < starts.number(); i++) {
                    start(revision.spec().id(), Purpose.PLAN, outcome -> {
                        if (outcome instanceof StartOutcome.Refused) {
                            lookAt(revision, time.nanos() + NodeStatus.HEARTBEAT.toNanos());
                        }
                    });
                }
            }
            case Action.StopInstance stop -> ask(stop.id(), new DrainAsked(stop.ending(), true));
            case Action.DrainInstance drain -> ask(drain.id(), new DrainAsked(drain.ending(), false));
            case Action.FreezeInstance freeze ->
                Objects.requireNonNull(instances.get(freeze.id())).freeze(freeze.idleSinceNanos());
        }
    }

    private void ask(String instanceId, DrainAsked input) {
        Objects.requireNonNull(instances.get(instanceId)).handle(input);
    }

    private void lookAgain(Instance instance, Ready ready) {
        RevisionInstances revision = revisions.get(instance.revision().id());
        if (revision != null) {
            lookAt(revision, ready.idleSinceNanos() + revision.patience().nanos(ready.used()));
        }
    }

    private void lookAt(RevisionInstances revision, long atNanos) {
        time.after(Duration.ofNanos(atNanos - time.nanos()), () -> {
            if (bus.isAlive()) {
                converge(revision);
            }
        });
    }

    private void ended(Instance instance, Ending ending) {
        instances.remove(instance.id());
        capacity.giveBack(instance);
        RevisionInstances revision = revisions.get(instance.revision().id());
        if (revision != null) {
            Duration lived = Duration.between(instance.startedAt(), time.instant());
            revision.ended(instance, ending, lived, chance.random().nextDouble(), time.nanos());
            time.after(Duration.ZERO, () -> {
                if (bus.isAlive()) {
                    converge(revision);
                }
            });
        }
    }

    private void later(Duration most, Runnable action) {
        time.after(chance.between(Duration.ofMillis(1), most), () -> {
            if (bus.isAlive()) {
                action.run();
            }
        });
    }

    private static Ending ending(Ending.Cause cause) {
        return new Ending(cause, "simulated");
    }
}
