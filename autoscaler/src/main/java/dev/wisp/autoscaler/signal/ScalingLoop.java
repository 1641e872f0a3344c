package dev.wisp.autoscaler.signal;

import dev.wisp.autoscaler.explain.DecisionLog;
import dev.wisp.autoscaler.node.NodeBook;
import dev.wisp.autoscaler.placement.Placement;
import dev.wisp.autoscaler.placement.PlacementNeed;
import dev.wisp.autoscaler.placement.PlacementPlanner;
import dev.wisp.autoscaler.placement.PlacementSettings;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.GroupMember;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.plan.EpochPolicy;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.revision.ScalingSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the topics said, decides on every revision for which that or the passing of time can change anything, and publishes the
 * plans that came out different. Level-triggered: a publish that failed is repeated by the next pass. Owned by one thread; only
 * {@link #subscribe} and the inbox touch others.
 */
final class ScalingLoop implements AutoCloseable {

    /** A second of waiting for 1,000 seconds of a gigabyte. */
    static final double IDLE_PRICE_DEFAULT = 0.001;

    static final String GROUP = "wisp-autoscaler";

    private final DecisionLog log;
    private final NodeBook nodes;
    private final Settings settings;
    private final Inbox inbox = new Inbox();
    private final Subscriptions subscriptions;

    private final Map<RevisionId, RevisionTrack> tracks = new HashMap<>();
    /** What must be looked at in the next pass. */
    private final Set<RevisionId> dirty = new HashSet<>();
    /** What must be looked at in every pass, because time alone can change what is decided. */
    private final Set<RevisionId> active = new HashSet<>();

    private final Fleet fleet = new Fleet();
    private final SpentCaps spentCaps = new SpentCaps();
    private final RoutedRevisions routed = new RoutedRevisions();
    private final PreparedNodes prepared = new PreparedNodes();
    private final Ownership ownership = new Ownership();
    private final DemandMember demand = new DemandMember(inbox);
    private final PlanBook plans;
    private final HistoryBook histories;

    private boolean resumed;

    /**
     * What a loop is set to.
     *
     * @param replica name of this replica among those that share the revisions, empty for one that has none
     * @param idlePrice of a gigabyte held idle for a second, in seconds of waiting
     */
    record Settings(String replica, PlacementSettings placement, double idlePrice) {

        static final Settings DEFAULT = new Settings("", PlacementSettings.DEFAULT, IDLE_PRICE_DEFAULT);
    }

    ScalingLoop(Bus bus, DecisionLog log, NodeBook nodes, Settings settings) {
        this.nodes = nodes;
        this.log = log;
        this.settings = settings;
        this.subscriptions = new Subscriptions(bus, inbox);
        this.plans = new PlanBook(bus, inbox, ownership);
        this.histories = new HistoryBook(bus);
    }

    /** Starts reading; decisions begin once every compacted topic was read to its end. */
    void subscribe() {
        subscriptions.open();
    }

    Inbox inbox() {
        return inbox;
    }

    /** Takes one signal; true when the next pass should not wait for its tick. */
    boolean take(Signal signal, Instant now) {
        return switch (signal) {
            case Signal.RevisionSeen seen -> takeRevision(seen.revision(), seen.spec());
            case Signal.RouteSeen seen -> dirty.addAll(routed.see(seen.host(), seen.route()));
            case Signal.NodeSeen seen -> takeNode(seen.nodeId(), seen.status(), now);
            case Signal.NodeOrdered ordered -> {
                fleet.order(ordered.nodeId(), ordered.order());
                yield resumed;
            }
            case Signal.InstanceSeen seen -> {
                RevisionId changed = fleet.see(seen.instanceId(), seen.event());
                if (changed != null) {
                    dirty.add(changed);
                    started(changed, seen.event());
                }
                yield false;
            }
            case Signal.ReadinessSeen seen -> {
                takeReadiness(seen);
                yield false;
            }
            case Signal.DemandSeen seen -> takeDemand(seen.report(), now);
            case Signal.PlanSeen seen -> takePlan(seen.revision(), seen.plan());
            case Signal.HistorySeen seen -> {
                histories.see(seen.revision(), seen.history());
                yield false;
            }
            case Signal.BudgetSeen seen -> takeBudget(seen);
            case Signal.PartitionAssigned assigned -> takeOver(assigned);
            case Signal.PartitionRebuilt rebuilt -> begin(rebuilt.partition());
            case Signal.PartitionRevoked revoked -> giveUp(revoked.partition());
            case Signal.PublishFailed failed -> {
                if (plans.failed(failed.revision(), failed.epoch())) {
                    dirty.add(failed.revision());
                }
                yield false;
            }
        };
    }

    /** One pass; returns the number of plans published. */
    int runOnce(Instant now) {
        takeAll(now);
        if (!resumed && !subscriptions.caughtUp()) {
            return 0;
        }
        if (!resumed) {
            resumed = true;
            subscriptions.join(new GroupMember(GROUP, settings.replica()), demand);
            takeAll(now);
        }
        boolean turned = spentCaps.turned(now);
        if (fleet.changed() || turned) {
            dirty.addAll(tracks.keySet());
        }
        int published = decideAll(now);
        histories.saveIfDue(tracks.values(), ownership, now);
        nodes.see(fleet.views());
        return published;
    }

    /** Whether any revision's decision can change by the passing of time. */
    boolean isActive() {
        return !active.isEmpty();
    }

    /** Under which this replica decides on a revision, -1 if it does not. */
    long term(RevisionId revision) {
        return ownership.term(revision);
    }

    /** Readable from any thread, for metrics. */
    int partitions() {
        return demand.partitions();
    }

    @Override
    public void close() {
        subscriptions.close();
    }

    private void takeAll(Instant now) {
        for (Signal signal = inbox.poll(); signal != null; signal = inbox.poll()) {
            take(signal, now);
        }
    }

    /** What ran under the owner before is not started again to reach its initial scale. */
    private boolean takeOver(Signal.PartitionAssigned assigned) {
        ownership.assigned(assigned);
        for (RevisionId revision : revisionsOf(assigned.partition())) {
            tracks.computeIfPresent(revision, (id, track) -> newTrack(track.spec(), routed.contains(id)));
        }
        return false;
    }

    /** What was deleted while nobody owned it loses its plan. */
    private boolean begin(int partition) {
        ownership.rebuilt(partition);
        plans.revisions().stream()
                .filter(revision -> !tracks.containsKey(revision) && ownership.partition(revision) == partition)
                .forEach(plans::withdraw);
        return dirty.addAll(revisionsOf(partition));
    }

    private boolean giveUp(int partition) {
        ownership.revoked(partition);
        for (RevisionId revision : revisionsOf(partition)) {
            active.remove(revision);
            log.forget(revision);
        }
        return false;
    }

    private List<RevisionId> revisionsOf(int partition) {
        return tracks.keySet().stream()
                .filter(revision -> ownership.partition(revision) == partition)
                .toList();
    }

    private RevisionTrack newTrack(RevisionSpec spec, boolean initialScaleReached) {
        RevisionTrack track = new RevisionTrack(spec, settings.idlePrice());
        histories.recall(track);
        demand.needs(track.memory());
        if (initialScaleReached) {
            track.assumeInitialScaleReached();
        }
        return track;
    }

    private boolean takeBudget(Signal.BudgetSeen seen) {
        return spentCaps.see(seen.name(), seen.rule()) && dirty.addAll(tracks.keySet());
    }

    private boolean takeNode(String nodeId, @Nullable NodeStatus status, Instant now) {
        if (status != null && !resumed) {
            fleet.recall(nodeId, status);
            return false;
        }
        return fleet.see(nodeId, status, now);
    }

    /** That of a deleted revision may still be on its way. */
    private void takeReadiness(Signal.ReadinessSeen seen) {
        RevisionId changed = prepared.see(seen.key(), seen.readiness());
        if (changed != null && (!resumed || tracks.containsKey(changed))) {
            dirty.add(changed);
        } else if (changed != null) {
            prepared.forget(changed);
        }
    }

    private boolean takeRevision(RevisionId revision, @Nullable RevisionSpec spec) {
        if (spec == null) {
            tracks.remove(revision);
            dirty.remove(revision);
            active.remove(revision);
            prepared.forget(revision);
            log.forget(revision);
            if (ownership.decides(revision)) {
                plans.withdraw(revision);
                histories.forget(revision);
            }
            return false;
        }
        RevisionTrack known = tracks.get(revision);
        if (known != null && known.spec().equals(spec)) {
            return false;
        }
        tracks.put(revision, newTrack(spec, false));
        return dirty.add(revision);
    }

    /** A revision's first event of an instance that is ready says what its start took. */
    private void started(RevisionId revision, @Nullable InstanceEvent event) {
        RevisionTrack track = tracks.get(revision);
        if (resumed && track != null && event != null && event.state() == InstanceEvent.State.READY) {
            track.started(Duration.between(event.startedAt(), event.at()));
        }
    }

    /** The first demand after an idle time is decided on at once; with a keep-alive of 0 nothing would come of it. */
    private boolean takeDemand(DemandReport report, Instant now) {
        RevisionTrack track = tracks.get(report.revision());
        if (track != null && ownership.isRebuilding(report.revision())) {
            rebuild(track, report, now);
            return false;
        }
        boolean lost = fleet.doubt(report, now);
        return wakes(track, report, now) || lost;
    }

    private boolean wakes(@Nullable RevisionTrack track, DemandReport report, Instant now) {
        if (track == null || !ownership.owns(report.revision()) || !track.add(report, now)) {
            return false;
        }
        ScalingSpec scaling = track.spec().scaling();
        boolean keeps = scaling.keepAlive() != ScalingSpec.KeepAlive.FIXED || scaling.keepAliveMillis() > 0;
        return keeps && active.add(report.revision());
    }

    private void rebuild(RevisionTrack track, DemandReport report, Instant now) {
        if (report.at().isAfter(now.minus(track.memory()))) {
            track.rebuild(report, routed.contains(report.revision()));
        }
    }

    private boolean takePlan(RevisionId revision, @Nullable RevisionPlan plan) {
        if (plan != null) {
            demand.saw(EpochPolicy.term(plan.epoch()));
        }
        return switch (plans.see(revision, plan, tracks.containsKey(revision))) {
            case KNOWN -> false;
            case LATE -> dirty.add(revision);
            case FENCED -> giveUp(ownership.partition(revision));
        };
    }

    private int decideAll(Instant now) {
        dirty.addAll(active);
        if (dirty.isEmpty()) {
            return 0;
        }
        RoomBoard board = new RoomBoard(fleet, promised());
        int changes = 0;
        for (RevisionId revision : dirty) {
            RevisionTrack track = tracks.get(revision);
            if (track != null && ownership.decides(revision)) {
                changes += decide(track, board, now);
            }
        }
        dirty.clear();
        return changes;
    }

    private Promised promised() {
        Promised promised = new Promised();
        plans.forEach((revision, plan) -> {
            RevisionTrack track = tracks.get(revision);
            if (track != null && plan.shares().stream().anyMatch(share -> share.count() > 0)) {
                promised.add(
                        plan.shares(), fleet.existing(revision), track.spec().limits());
            }
        });
        return promised;
    }

    private int decide(RevisionTrack track, RoomBoard board, Instant now) {
        RevisionSpec spec = track.spec();
        String unpaid = spentCaps.reason(spec, now);
        boolean served = routed.contains(spec.id()) && unpaid.isEmpty();
        RevisionTrack.Outcome outcome = track.decide(served, fleet.ready(spec.id()), now);
        if (!outcome.waiting()) {
            active.remove(spec.id());
        } else {
            active.add(spec.id());
        }
        RevisionPlan last = plans.last(spec.id());
        List<NodeShare> previous = last == null ? List.of() : last.shares();
        Map<String, Integer> existing = fleet.existing(spec.id());
        board.remove(previous, existing, spec.limits());
        Placement placement = PlacementPlanner.place(
                need(spec, outcome.decision().desired(), existing, previous), board.rooms(), settings.placement());
        board.add(placement.shares(), existing, spec.limits());
        int desired = outcome.decision().desired();
        List<String> besides = Stream.of(unpaid, fleet.losses(previous))
                .filter(part -> !part.isEmpty())
                .toList();
        boolean same = plans.says(spec.id(), desired, placement.shares());
        RevisionPlan plan = last;
        if (plan == null || !same) {
            String reason = Explanation.reason(track, outcome, placement, besides);
            plan = plans.publish(spec.id(), desired, placement.shares(), reason, now);
        }
        log.add(spec.service(), Explanation.of(track, outcome, placement, besides, plan, now));
        return same ? 0 : 1;
    }

    private PlacementNeed need(
            RevisionSpec spec, int desired, Map<String, Integer> existing, List<NodeShare> previous) {
        return new PlacementNeed(
                spec.id(),
                spec.limits().memoryBytes(),
                spec.limits().cpuMillicores(),
                spec.limits().cpuRequestMillicores(),
                desired,
                spec.scaling().maxScale(),
                spec.placement(),
                existing,
                prepared.of(spec.id()),
                previous);
    }
}
