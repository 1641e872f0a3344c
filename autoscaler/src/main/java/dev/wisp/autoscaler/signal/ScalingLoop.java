package dev.wisp.autoscaler.signal;

import dev.wisp.autoscaler.explain.DecisionLog;
import dev.wisp.autoscaler.placement.Placement;
import dev.wisp.autoscaler.placement.PlacementNeed;
import dev.wisp.autoscaler.placement.PlacementPlanner;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.instance.InstanceEvent;
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
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the topics said, decides on every revision for which that or the passing of time can change anything, and publishes the
 * plans that came out different. Level-triggered: a publish that failed is repeated by the next pass. Owned by one thread; only
 * {@link #subscribe} and the inbox touch others.
 */
final class ScalingLoop implements AutoCloseable {

    /** A second of waiting for 1,000 seconds of a gigabyte. */
    static final double IDLE_PRICE_DEFAULT = 0.001;

    private final Bus bus;
    private final DecisionLog log;
    private final int burstDefault;
    private final double idlePrice;
    private final Inbox inbox = new Inbox();
    private final Subscriptions subscriptions;

    private final Map<RevisionId, RevisionTrack> tracks = new HashMap<>();
    private final Map<RevisionId, RevisionPlan> published = new HashMap<>();
    /** What must be looked at in the next pass. */
    private final Set<RevisionId> dirty = new HashSet<>();
    /** What must be looked at in every pass, because time alone can change what is decided. */
    private final Set<RevisionId> active = new HashSet<>();

    private final Fleet fleet = new Fleet();
    private final RoutedRevisions routed = new RoutedRevisions();
    private boolean resumed;

    ScalingLoop(Bus bus, DecisionLog log, int burstDefault) {
        this(bus, log, burstDefault, IDLE_PRICE_DEFAULT);
    }

    ScalingLoop(Bus bus, DecisionLog log, int burstDefault, double idlePrice) {
        this.idlePrice = idlePrice;
        this.bus = bus;
        this.log = log;
        this.burstDefault = burstDefault;
        this.subscriptions = new Subscriptions(bus, inbox);
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
            case Signal.NodeSeen seen ->
                fleet.see(
                        seen.nodeId(),
                        seen.status(),
                        resumed || seen.status() == null ? now : seen.status().at());
            case Signal.InstanceSeen seen -> {
                RevisionId changed = fleet.see(seen.instanceId(), seen.event());
                if (changed != null) {
                    dirty.add(changed);
                    started(changed, seen.event());
                }
                yield false;
            }
            case Signal.DemandSeen seen -> takeDemand(seen.report(), now);
            case Signal.PlanSeen seen -> takePlan(seen.revision(), seen.plan());
            case Signal.PublishFailed failed -> {
                RevisionPlan plan = published.get(failed.revision());
                if (plan != null && plan.epoch() == failed.epoch()) {
                    published.remove(failed.revision());
                    dirty.add(failed.revision());
                }
                yield false;
            }
        };
    }

    /** One pass; returns the number of plans published. */
    int runOnce(Instant now) {
        for (Signal signal = inbox.poll(); signal != null; signal = inbox.poll()) {
            take(signal, now);
        }
        if (!resumed && !subscriptions.caughtUp()) {
            return 0;
        }
        if (!resumed) {
            resume();
        }
        if (fleet.changed(now)) {
            dirty.addAll(tracks.keySet());
        }
        return decideAll(now);
    }

    /** Whether any revision's decision can change by the passing of time. */
    boolean isActive() {
        return !active.isEmpty();
    }

    int revisions() {
        return tracks.size();
    }

    @Override
    public void close() {
        subscriptions.close();
    }

    /** What ran before this process did is not started again to reach its initial scale; what was deleted meanwhile loses its plan. */
    private void resume() {
        resumed = true;
        tracks.forEach((revision, track) -> {
            if (routed.contains(revision)) {
                track.assumeInitialScaleReached();
            }
        });
        published.keySet().stream()
                .filter(revision -> !tracks.containsKey(revision))
                .toList()
                .forEach(this::withdraw);
        dirty.addAll(tracks.keySet());
    }

    private boolean takeRevision(RevisionId revision, @Nullable RevisionSpec spec) {
        if (spec == null) {
            tracks.remove(revision);
            dirty.remove(revision);
            active.remove(revision);
            log.forget(revision);
            if (resumed) {
                withdraw(revision);
            }
            return false;
        }
        RevisionTrack known = tracks.get(revision);
        if (known != null && known.spec().equals(spec)) {
            return false;
        }
        tracks.put(revision, new RevisionTrack(spec, idlePrice));
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
        if (track == null || !track.add(report, now)) {
            return false;
        }
        ScalingSpec scaling = track.spec().scaling();
        boolean keeps = scaling.keepAlive() != ScalingSpec.KeepAlive.FIXED || scaling.keepAliveMillis() > 0;
        return keeps && active.add(report.revision());
    }

    /** Own plans come back too; what counts is a newer one, of another process or of this one before it restarted. */
    private boolean takePlan(RevisionId revision, @Nullable RevisionPlan plan) {
        RevisionPlan known = published.get(revision);
        if (plan != null && (known == null || plan.epoch() > known.epoch())) {
            published.put(revision, plan);
        }
        return false;
    }

    private int decideAll(Instant now) {
        Promised promised = promised(now);
        dirty.addAll(active);
        int changes = 0;
        for (RevisionId revision : dirty) {
            RevisionTrack track = tracks.get(revision);
            if (track != null) {
                changes += decide(track, promised, now);
            }
        }
        dirty.clear();
        return changes;
    }

    private Promised promised(Instant now) {
        Promised promised = new Promised();
        published.forEach((revision, plan) -> {
            RevisionTrack track = tracks.get(revision);
            if (track != null && plan.shares().stream().anyMatch(share -> share.count() > 0)) {
                promised.add(plan.shares(), fleet.existing(revision, now), memoryBytes(track.spec()));
            }
        });
        return promised;
    }

    private int decide(RevisionTrack track, Promised promised, Instant now) {
        RevisionSpec spec = track.spec();
        RevisionTrack.Outcome outcome = track.decide(routed.contains(spec.id()), fleet.ready(spec.id(), now), now);
        if (!outcome.waiting()) {
            active.remove(spec.id());
        } else {
            active.add(spec.id());
        }
        RevisionPlan last = published.get(spec.id());
        List<NodeShare> previous = last == null ? List.of() : last.shares();
        Map<String, Integer> existing = fleet.existing(spec.id(), now);
        promised.remove(previous, existing, memoryBytes(spec));
        Placement placement = PlacementPlanner.place(
                need(spec, outcome.decision().desired(), existing, previous), fleet.rooms(promised, now), burstDefault);
        promised.add(placement.shares(), existing, memoryBytes(spec));
        if (last != null && isSame(last, outcome, placement)) {
            log.add(spec.service(), Explanation.of(track, outcome, placement, last, now));
            return 0;
        }
        RevisionPlan plan = publish(spec.id(), last, outcome, placement, now);
        log.add(spec.service(), Explanation.of(track, outcome, placement, plan, now));
        return 1;
    }

    /** A plan is its numbers: a reason that only tells another time is not worth a message. */
    private static boolean isSame(RevisionPlan last, RevisionTrack.Outcome outcome, Placement placement) {
        return last.desired() == outcome.decision().desired() && last.shares().equals(placement.shares());
    }

    private static PlacementNeed need(
            RevisionSpec spec, int desired, Map<String, Integer> existing, List<NodeShare> previous) {
        return new PlacementNeed(
                spec.id(),
                memoryBytes(spec),
                spec.limits().cpuMillicores(),
                desired,
                spec.scaling().maxScale(),
                existing,
                previous);
    }

    /** Limit of one instance; its writable layer is on tmpfs and counts within it. */
    private static long memoryBytes(RevisionSpec spec) {
        return spec.limits().memoryBytes();
    }

    private RevisionPlan publish(
            RevisionId revision,
            @Nullable RevisionPlan last,
            RevisionTrack.Outcome outcome,
            Placement placement,
            Instant now) {
        long epoch = Math.max(last == null ? 0 : last.epoch() + 1, now.toEpochMilli());
        RevisionPlan plan = new RevisionPlan(
                revision,
                epoch,
                outcome.decision().desired(),
                placement.shares(),
                Explanation.reason(outcome.decision(), placement),
                now);
        published.put(revision, plan);
        failing(bus.publish(Topics.PLANS, revision.toString(), plan), revision, epoch);
        return plan;
    }

    private void withdraw(RevisionId revision) {
        RevisionPlan last = published.remove(revision);
        if (last != null) {
            failing(bus.publish(Topics.PLANS, revision.toString(), null), revision, last.epoch());
        }
    }

    private void failing(CompletableFuture<Void> sent, RevisionId revision, long epoch) {
        sent.whenComplete((done, failure) -> {
            if (failure != null) {
                inbox.put(new Signal.PublishFailed(revision, epoch));
            }
        });
    }
}
