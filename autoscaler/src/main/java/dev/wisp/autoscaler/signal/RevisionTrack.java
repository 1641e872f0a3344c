package dev.wisp.autoscaler.signal;

import dev.wisp.autoscaler.decision.DemandWindow;
import dev.wisp.autoscaler.decision.KpaSettings;
import dev.wisp.autoscaler.decision.KpaState;
import dev.wisp.autoscaler.decision.ScaleDecision;
import dev.wisp.autoscaler.decision.ScaleInputs;
import dev.wisp.autoscaler.decision.ScalePolicy;
import dev.wisp.autoscaler.schedule.ScheduleClock;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.plan.KeepAliveHistory;
import dev.wisp.contracts.revision.RevisionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** What the loop remembers of one revision between passes. Owned by the loop's thread. */
final class RevisionTrack {

    /** Knative's progress deadline: an initial scale that is not reached by then is given up. */
    private static final Duration INITIAL_SCALE_DEADLINE = Duration.ofMinutes(10);

    /** Of an instance without a limit, as the target of a revision without one. */
    private static final double REQUESTS_EACH = 100;

    private final RevisionSpec spec;
    private final KpaSettings settings;
    private @Nullable DemandWindow window;
    private @Nullable KpaState state;
    private final @Nullable Holding holding;
    private final ScheduleClock schedules;
    private boolean initialScaleReached;
    private final Rebuild rebuild = new Rebuild();

    RevisionTrack(RevisionSpec spec, double idlePrice) {
        this.spec = spec;
        this.settings = KpaSettings.of(spec);
        this.holding = Holding.of(
                spec, spec.containerConcurrency() > 0 ? spec.containerConcurrency() : REQUESTS_EACH, idlePrice);
        this.schedules = new ScheduleClock(spec.scaling().schedules());
    }

    /**
     * A decision and what it rests on.
     *
     * @param waiting whether the passing of time can change it
     */
    record Outcome(ScaleInputs inputs, ScaleDecision decision, int requests, boolean waiting) {}

    RevisionSpec spec() {
        return spec;
    }

    KpaSettings settings() {
        return settings;
    }

    /** For a revision that ran before this process did. */
    void assumeInitialScaleReached() {
        initialScaleReached = true;
    }

    /** Takes a report; true when it tells of demand. */
    boolean add(DemandReport report, Instant now) {
        DemandWindow demand = window();
        boolean any = demand.add(report, now);
        if (holding != null) {
            holding.see(demand.requests(now), report.peakConcurrency(), now);
        }
        return any;
    }

    /** How long one start took. */
    void started(Duration took) {
        if (holding != null) {
            holding.started(took);
        }
    }

    /** What was learnt since it was last asked, null for nothing. */
    @Nullable
    KeepAliveHistory learnt(Instant now) {
        return holding == null ? null : holding.learnt(spec.id(), now);
    }

    /** Goes on from what was learnt before. */
    void recall(KeepAliveHistory history) {
        if (holding != null) {
            holding.recall(history);
            history.idleSince().stream().max(Comparator.naturalOrder()).ifPresent(window()::recall);
        }
    }

    /** How much of the past a decision can rest on: a panic that began at the far end of the window, and what it is delayed by. */
    Duration memory() {
        return settings.stableWindow()
                .multipliedBy(2)
                .plus(settings.scaleDownDelay())
                .plus(Rebuild.MARGIN);
    }

    /** Takes a report that is read again, with the decisions that must have followed from those before it. */
    void rebuild(DemandReport report, boolean routed) {
        rebuild.take(this, report, routed);
    }

    Outcome decide(boolean routed, int ready, Instant now) {
        reachInitialScale(ready, now);
        return outcome(routed, ready, now);
    }

    /** As {@link #decide}, of a moment that is over. */
    Outcome outcome(boolean routed, int ready, Instant now) {
        KpaState known = state == null ? KpaState.resumed(ready, now) : state;
        int requests = window == null ? 0 : window.requests(now);
        if (holding != null) {
            holding.see(requests, 0, now); // A gateway that fell silent has no load.
        }
        ScaleInputs inputs = inputs(routed, ready, now);
        ScaleDecision decision = ScalePolicy.decide(spec.scaling(), settings, known, inputs, now);
        state = decision.kpa() == null ? KpaState.CALM : decision.kpa().state();
        if (decision.idle() && window != null) {
            window.startOver();
        }
        boolean waiting = !decision.idle() || schedules.isTicking() || (holding != null && holding.isWaiting(now));
        return new Outcome(inputs, decision, requests, waiting);
    }

    private DemandWindow window() {
        DemandWindow demand = window;
        if (demand == null) {
            demand = new DemandWindow(
                    spec.scaling().metric(),
                    settings.stableWindow(),
                    settings.panicWindow(),
                    spec.scaling().averaging());
            window = demand;
        }
        return demand;
    }

    private ScaleInputs inputs(boolean routed, int ready, Instant now) {
        if (window == null) {
            return new ScaleInputs(0, 0, ready, routed, initialScaleReached, null, schedules.at(now), null);
        }
        DemandWindow.Averages averages = window.averages(now);
        return new ScaleInputs(
                averages.stable(),
                averages.panic(),
                ready,
                routed,
                initialScaleReached,
                window.lastDemandAt(now),
                schedules.at(now),
                holding == null ? null : holding.held(now));
    }

    private void reachInitialScale(int ready, Instant now) {
        initialScaleReached |= ready >= spec.scaling().initialScale()
                || now.isAfter(spec.createdAt().plus(INITIAL_SCALE_DEADLINE));
    }
}
