package dev.wisp.node.instance;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.plan.EpochPolicy;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.image.ImageStore;
import dev.wisp.node.log.LogStore;
import dev.wisp.node.sandbox.SandboxRuntime;
import io.quarkus.logging.Log;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The node as the rest of the platform sees it: reads revisions and plans, keeps instances accordingly, reports instances and itself. It
 * starts from what it last knew and needs no broker to serve that.
 */
public final class NodeAgent implements AutoCloseable {

    private final Parts parts;
    private final ScheduledThreadPoolExecutor clock;
    private final CapacityLedger capacity;
    private final FactPublisher publisher;
    private final InstanceAnnouncer announcer;
    private final NodeInstances instances;
    private final KnownRevisions known;
    private final RevisionPreparer preparer;
    private final Set<RevisionId> seen = ConcurrentHashMap.newKeySet();
    private final Map<RevisionId, RevisionPlan> plans = new ConcurrentHashMap<>();
    private final List<Bus.Subscription> subscriptions = new ArrayList<>();

    /**
     * What an agent is made of.
     *
     * @param address {@code host:port} for remote gateways, empty without
     * @param memory the machine's, now
     */
    public record Parts(
            InstanceSettings settings,
            String address,
            NodeTraits traits,
            Bus bus,
            SandboxRuntime sandboxes,
            ImageStore images,
            LogStore logs,
            Supplier<HostMemory> memory,
            InstantSource now,
            LongSupplier nanoTime,
            RandomGenerator random) {}

    public NodeAgent(Parts parts) {
        this.parts = parts;
        InstanceSettings settings = parts.settings();
        this.clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("wisp-node-clock").daemon().factory());
        clock.setRemoveOnCancelPolicy(true);
        this.capacity =
                new CapacityLedger(settings.memoryBytesMax(), settings.sandboxesMax(), settings.cpuMillicoresMax());
        this.publisher = new FactPublisher(parts.bus(), clock);
        this.announcer = new InstanceAnnouncer(settings.nodeId(), publisher, clock, parts.now());
        InstanceLauncher launcher =
                new InstanceLauncher(parts.sandboxes(), parts.logs(), settings, capacity, parts.nanoTime());
        this.instances = new NodeInstances(
                settings,
                capacity,
                new FrozenKeeper(capacity, settings.frozenHeadroomPercent(), parts.memory(), parts.nanoTime()),
                launcher,
                announcer,
                clock,
                parts.now(),
                parts.nanoTime(),
                parts.random());
        this.known = new KnownRevisions(settings.stateFolder().resolve("revisions"));
        this.preparer = new RevisionPreparer(settings, parts.images(), instances, known, publisher, clock, parts.now());
    }

    public NodeInstances instances() {
        return instances;
    }

    /** Takes up what was last known, then reads the topics. Returns at once. */
    public void start() {
        known.load().forEach(this::recall);
        subscriptions.add(parts.bus().subscribe(Topics.PLANS, this::planned));
        Bus.Subscription revisions = parts.bus().subscribe(Topics.REVISIONS, this::revised);
        subscriptions.add(revisions);
        revisions.caughtUp().thenRun(this::retireUnseen);
        forgetFormerInstances();
        clock.scheduleAtFixedRate(this::keepHeadroom, 0, NodeStatus.HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
        clock.scheduleAtFixedRate(this::report, 0, NodeStatus.HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says that it stops, so that others take over meanwhile; drains and stops every instance; blocks as {@link InstanceSettings} allows. */
    @Override
    public void close() {
        subscriptions.forEach(Bus.Subscription::close);
        instances.refuseAll();
        report();
        preparer.close();
        instances.stopAll();
        report();
        clock.shutdownNow();
    }

    private void recall(KnownRevisions.Known recalled) {
        RevisionInstances revision = instances.add(recalled.spec());
        if (revision != null) {
            revision.plan(recalled.epoch(), recalled.share());
            prepare(revision, recalled.proved());
        }
    }

    private void revised(String key, @Nullable RevisionSpec spec) {
        if (spec == null) {
            RevisionId id = RevisionId.parse(key);
            retire(id, "revision " + id + " was deleted");
            return;
        }
        seen.add(spec.id());
        RevisionInstances revision = instances.add(spec);
        if (revision == null) {
            return;
        }
        RevisionPlan plan = plans.get(spec.id());
        if (plan != null) {
            revision.plan(plan, parts.settings().nodeId());
        }
        known.save(revision.known());
        prepare(revision, false);
    }

    /** Nothing is pulled for a revision that is not for this node: without its image every start is refused. */
    private void prepare(RevisionInstances revision, boolean proved) {
        if (parts.traits().mayStart(revision.spec())) {
            preparer.prepare(revision, proved);
        }
    }

    private void planned(String key, @Nullable RevisionPlan plan) {
        if (plan == null) {
            plans.remove(RevisionId.parse(key));
            return;
        }
        plans.merge(plan.revision(), plan, (old, next) -> EpochPolicy.accepts(old.epoch(), next.epoch()) ? next : old);
        RevisionInstances revision = instances.revision(plan.revision());
        if (instances.plan(plan) && revision != null) {
            known.save(revision.known());
        }
    }

    private void retire(RevisionId id, String reason) {
        known.forget(id);
        plans.remove(id);
        instances.retire(id, reason);
    }

    /**
     * Revisions deleted while this node was away, whose tombstones are gone too. An empty topic is taken for a new broker, not for the
     * deletion of everything.
     */
    private void retireUnseen() {
        if (seen.isEmpty()) {
            return;
        }
        for (RevisionInstances revision : instances.revisions()) {
            RevisionId id = revision.spec().id();
            if (!seen.contains(id)) {
                retire(id, "revision " + id + " no longer exists");
            }
        }
    }

    /** What a former process of this node left in the topic would be taken for living instances. */
    private void forgetFormerInstances() {
        Bus.Subscription former = parts.bus().subscribe(Topics.INSTANCES, (key, event) -> {
            if (event != null && isFormer(event)) {
                publisher.publish(Topics.INSTANCES, key, null);
            }
        });
        former.caughtUp().thenRun(former::close);
        subscriptions.add(former);
    }

    private boolean isFormer(InstanceEvent event) {
        return event.nodeId().equals(parts.settings().nodeId()) && instances.find(event.instanceId()) == null;
    }

    private void keepHeadroom() {
        try {
            instances.keepHeadroom();
        } catch (RuntimeException e) {
            Log.errorf(
                    e,
                    "head-room of nodeId=%s could not be looked at",
                    parts.settings().nodeId());
        }
    }

    private void report() {
        try {
            CapacityLedger.Promised promised = capacity.promised();
            publisher.publishOnce(Topics.NODES, parts.settings().nodeId(), status(promised));
            announcer.beat(instances.all());
        } catch (RuntimeException e) {
            Log.errorf(e, "heartbeat of nodeId=%s failed", parts.settings().nodeId());
        }
    }

    private NodeStatus status(CapacityLedger.Promised promised) {
        return new NodeStatus(
                parts.settings().nodeId(),
                parts.address(),
                Runtime.getRuntime().availableProcessors() * 1_000,
                capacity.memoryBytesMax(),
                capacity.memoryBytesMax() - promised.memoryBytes(),
                capacity.sandboxesMax(),
                promised.sandboxes(),
                !instances.isStopping(),
                parts.traits().labels(),
                parts.now().instant(),
                parts.traits().taints(),
                capacity.cpuMillicoresMax() - promised.cpuMillicores(),
                instances.evictable());
    }
}
