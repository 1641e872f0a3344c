package dev.wisp.gateway.admission;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.gateway.admission.InstancePool.Instance;
import dev.wisp.gateway.budget.Admitted;
import dev.wisp.gateway.demand.DemandMeter;
import dev.wisp.gateway.demand.DemandReporter;
import dev.wisp.gateway.ejection.EjectionPolicy.Failure;
import dev.wisp.gateway.explain.EndedAttempt.Ending;
import dev.wisp.gateway.metric.GatewayMetrics.Throttle;
import dev.wisp.gateway.repeat.KeptBodies;
import dev.wisp.gateway.repeat.RepeatBudget;
import dev.wisp.gateway.repeat.RepeatPolicy;
import dev.wisp.gateway.repeat.RepeatPolicy.Verdict;
import dev.wisp.gateway.routing.PlatformView;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the requests of one revision, sends each to an instance with a free slot, and holds those for which there is none while nodes
 * are asked to start more. Everything below the public methods runs on one event loop, so there are no locks; the public methods may be
 * called from anywhere.
 */
public final class RevisionDesk {

    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final RevisionId revision;
    private final DeskContext context;
    private final Loop loop;
    private final DemandReporter reporter;
    private final Supplier<PlatformView> view;
    private final DemandMeter meter;
    private final HeldRequests held;
    private final InstancePool pool;
    private final Starter starter;
    private final RepeatBudget repeats;
    private final KeptBodies bodies;
    private final AttemptBook attempts;
    private DeskTerms terms = DeskTerms.UNKNOWN;
    private @Nullable RevisionSpec spec;
    private boolean filled;
    private boolean deleted;
    private boolean pumping;
    private boolean pumpAgain;
    private long alarmNanos = Long.MAX_VALUE;

    RevisionDesk(
            RevisionId revision,
            DeskContext context,
            Loop loop,
            DemandReporter reporter,
            Supplier<PlatformView> view,
            KeptBodies bodies) {
        this.bodies = bodies;
        this.revision = revision;
        this.context = context;
        this.loop = loop;
        this.reporter = reporter;
        this.view = view;
        this.held = new HeldRequests(context);
        this.meter = new DemandMeter(revision, context.nanoClock().getAsLong());
        this.pool = new InstancePool(context.sending().ejection(), context.metrics(), context.jitter());
        this.repeats = new RepeatBudget(context.sending().repeat());
        this.starter = new Starter(revision, context, loop, pool, this::startEnded);
        this.attempts = new AttemptBook(revision, context.triedCalls());
    }

    /** Takes a request; its caller is answered sooner or later whatever happens. */
    public void admit(Exchange exchange) {
        loop.execute(() -> take(exchange));
    }

    /** Whether everything of it happens on this loop. */
    public boolean isOn(Loop other) {
        return loop.equals(other);
    }

    void planned(RevisionPlan plan) {
        loop.execute(() -> {
            pool.planned(plan);
            starter.planned(plan);
            pump();
        });
    }

    void specified(RevisionSpec spec) {
        loop.execute(() -> specify(spec));
    }

    void instanceChanged(InstanceEvent event) {
        loop.execute(() -> {
            learn(event);
            if (event.state() == InstanceEvent.State.GONE) {
                starter.roomMayBeFree();
            }
            pump();
        });
    }

    void instanceGone(String instanceId) {
        loop.execute(() -> {
            if (pool.remove(instanceId)) {
                starter.roomMayBeFree();
                pump();
            }
        });
    }

    void nodesChanged() {
        loop.execute(this::pump);
    }

    void revisionDeleted() {
        loop.execute(() -> {
            deleted = true;
            pool.close();
            rejectAllHeld(Rejections.deleted(revision));
        });
    }

    private void take(Exchange exchange) {
        fill();
        if (isUnpaid(exchange)) {
            return;
        }
        boolean wasActive = reporter.isActive(meter);
        long now = now();
        if (!wasActive) {
            meter.restart(now);
        }
        meter.arrived(now);
        Instance instance = held.isEmpty() ? pool.acquire(null, now) : null;
        if (instance != null) {
            send(exchange, instance, now);
        } else if (deleted) {
            reject(exchange, Rejections.deleted(revision), Throttle.NO_INSTANCE, now);
        } else {
            holdOrReject(exchange, now);
        }
        if (!wasActive) {
            reporter.woke(meter);
        }
    }

    /** Sets aside what the call may cost; what no budget pays for is answered, and is no demand. */
    private boolean isUnpaid(Exchange exchange) {
        Admitted verdict = context.money().admit(revision.namespace(), spec, exchange.receivedAtMicros());
        exchange.reservation = verdict.reservation();
        exchange.funds = verdict.funds();
        Problem refusal = verdict.refusal();
        if (refusal == null) {
            return false;
        }
        exchange.state = Exchange.State.OVER;
        context.metrics().throttled(Throttle.BUDGET);
        exchange.caller().answer(refusal, (now() - exchange.arrivedNanos()) / NANOS_PER_MICRO);
        return true;
    }

    private void specify(RevisionSpec next) {
        spec = next;
        terms = DeskTerms.of(next);
    }

    /** What was known of the revision before anyone called it. */
    private void fill() {
        if (filled) {
            return;
        }
        filled = true;
        PlatformView known = view.get();
        String key = revision.toString();
        RevisionSpec specified = known.revisions().get(key);
        if (specified != null) {
            specify(specified);
        }
        RevisionPlan plan = known.plans().get(key);
        if (plan != null) {
            pool.planned(plan);
            starter.planned(plan);
        }
        for (InstanceEvent event : known.instances().values()) {
            if (event.revision().equals(revision)) {
                learn(event);
            }
        }
    }

    private void learn(InstanceEvent event) {
        switch (event.state()) {
            case STARTING -> {}
            case READY -> pool.announce(event);
            case DRAINING, GONE -> pool.remove(event.instanceId());
        }
    }

    private void holdOrReject(Exchange exchange, long now) {
        AdmissionPolicy.Verdict verdict = held.roomFor(exchange, account());
        if (verdict != AdmissionPolicy.Verdict.HOLD) {
            reject(exchange, Rejections.full(revision, account(), verdict, context.limits()), Throttle.QUEUE_FULL, now);
            return;
        }
        holdUntilDeadline(exchange);
    }

    private void hold(Exchange exchange) {
        held.add(exchange, account());
        attempts.held(exchange, pool.leftAlone());
        exchange.caller().held(() -> loop.execute(() -> callerGone(exchange)));
    }

    /** Hands out free slots, then asks for starts and sets the alarm. Not re-entered: an answer may come back before it was awaited. */
    private void pump() {
        if (pumping) {
            pumpAgain = true;
            return;
        }
        pumping = true;
        do {
            pumpAgain = false;
            handOut();
            starter.settle();
            long now = now();
            long startAgainNanos = starter.startFor(held.size(), terms.slots(), now);
            setAlarm(Math.min(startAgainNanos, Math.min(held.nextDeadlineNanos(), nextTrial())), now);
        } while (pumpAgain);
        pumping = false;
    }

    private void handOut() {
        for (Exchange exchange = held.first(); exchange != null; exchange = held.first()) {
            long now = now();
            Instance instance = pool.acquire(exchange.brokenAt, now);
            if (instance == null) {
                return;
            }
            held.remove(exchange, now);
            send(exchange, instance, now);
        }
    }

    private void send(Exchange exchange, Instance instance, long now) {
        NodePort node = context.nodes().find(instance.nodeId());
        exchange.state = Exchange.State.SENT;
        exchange.attempts++;
        exchange.sentNanos = now;
        meter.sent();
        if (node == null) {
            refused(exchange, instance, "its node %s cannot be reached".formatted(instance.nodeId()));
            return;
        }
        exchange.caller()
                .send(
                        node,
                        dispatch(exchange, instance, now),
                        exchange.payer(),
                        outcome -> loop.execute(() -> ended(exchange, instance, outcome)));
    }

    private Dispatch dispatch(Exchange exchange, Instance instance, long now) {
        long heldNanos = now - exchange.arrivedNanos();
        StartTiming cold = instance.freshTiming();
        long startNanos = cold == null ? 0 : Math.min(heldNanos, now - instance.askedNanos());
        exchange.repeat = repeat(exchange);
        return new Dispatch(
                exchange.id(),
                revision,
                instance.id(),
                exchange.receivedAtMicros(),
                (heldNanos - startNanos) / NANOS_PER_MICRO,
                startNanos / NANOS_PER_MICRO,
                cold,
                Math.max(1, terms.timeoutMillis() - heldNanos / NANOS_PER_MILLI),
                exchange.brokenBefore,
                exchange.brokenNanos / NANOS_PER_MICRO,
                exchange.repeat == Verdict.REPEAT,
                exchange.caller().storedAttempt() > 0,
                Math.max(1, exchange.caller().storedAttempt()) + exchange.brokenBefore);
    }

    private Verdict repeat(Exchange exchange) {
        Caller caller = exchange.caller();
        long bytes = caller.bodyBytes();
        Verdict verdict = RepeatPolicy.decide(caller.claim(), bytes, exchange.brokenBefore, repeats.allows());
        if (verdict != Verdict.REPEAT || bytes == 0) {
            return verdict;
        }
        if (!bodies.take(bytes)) {
            return Verdict.BODY_NOT_KEPT;
        }
        exchange.keptBytes = bytes;
        return verdict;
    }

    private void ended(Exchange exchange, Instance instance, ProxyOutcome outcome) {
        if (exchange.keptBytes > 0) {
            bodies.give(exchange.keptBytes);
            exchange.keptBytes = 0;
        }
        switch (outcome) {
            case ProxyOutcome.Done done -> {
                long now = now();
                meter.finished(now);
                judge(exchange, instance, done, now);
                attempts.answered(exchange, done.status(), now);
                exchange.over(done.costPicos());
                exchange.caller().over(done.status(), done.trace());
                if (!held.isEmpty()) {
                    pump();
                }
            }
            case ProxyOutcome.Refused refused
            when refused.why() == ProxyOutcome.Why.UNCONNECTED -> unconnected(exchange, instance, refused.detail());
            case ProxyOutcome.Refused refused -> refused(exchange, instance, refused.detail());
            case ProxyOutcome.Broken broken -> broken(exchange, instance, broken.detail());
        }
    }

    /** The caller has heard nothing, and the request is whole: it goes to another instance, within the time it has. */
    private void broken(Exchange exchange, Instance instance, String detail) {
        long now = now();
        String then = failed(instance, Failure.BROKEN, now);
        attempts.ended(exchange, instance, Ending.BROKEN, detail + "; " + then, now);
        meter.returned();
        repeats.repeated();
        context.metrics().broken(exchange.repeat);
        exchange.brokenBefore++;
        exchange.brokenAt = instance;
        exchange.brokenNanos += now - exchange.sentNanos;
        if (deleted) {
            reject(exchange, Rejections.deleted(revision), Throttle.NO_INSTANCE, now);
            return;
        }
        holdUntilDeadline(exchange);
    }

    /** Counted from its arrival, whatever it waited for: so those that are held longest are the first to be out of time. */
    private void holdUntilDeadline(Exchange exchange) {
        exchange.deadlineNanos = exchange.arrivedNanos() + terms.holdNanosMax(context.limits());
        hold(exchange);
        pump();
    }

    /** What the end of a call says of its instance. A workload's own 5xx is an answer. */
    private void judge(Exchange exchange, Instance instance, ProxyOutcome.Done done, long now) {
        if (done.failed()) {
            context.metrics().broken(exchange.repeat == Verdict.REPEAT ? Verdict.TOO_LATE : exchange.repeat);
            String then = failed(instance, Failure.BROKEN, now);
            attempts.ended(exchange, instance, Ending.FAILED, AttemptBook.notRepeated(exchange.repeat, then), now);
        } else if (done.outcome() == Outcome.SUCCESS || done.outcome() == Outcome.ERROR) {
            repeats.answered();
            pool.answered(instance);
        } else {
            pool.release(instance);
        }
    }

    /** What follows for the instance, and why. */
    private String failed(Instance instance, Failure failure, long now) {
        return pool.failed(instance, failure, context.clock().instant(), now).reason();
    }

    private void unconnected(Exchange exchange, Instance instance, String detail) {
        long now = now();
        String then = failed(instance, Failure.UNCONNECTED, now);
        attempts.ended(exchange, instance, Ending.UNCONNECTED, detail + "; " + then, now);
        goElsewhere(exchange, detail);
    }

    private void refused(Exchange exchange, Instance instance, String detail) {
        pool.refused(instance, context.clock().instant());
        attempts.ended(exchange, instance, Ending.REFUSED, detail, now());
        goElsewhere(exchange, detail);
    }

    private void goElsewhere(Exchange exchange, String detail) {
        meter.returned();
        context.metrics().refused();
        long now = now();
        if (deleted) {
            reject(exchange, Rejections.deleted(revision), Throttle.NO_INSTANCE, now);
        } else if (exchange.attempts >= context.limits().attemptsMax()) {
            reject(exchange, Rejections.refused(revision, exchange.attempts, detail), Throttle.NO_INSTANCE, now);
        } else {
            holdUntilDeadline(exchange);
        }
    }

    private void startEnded(StartOutcome outcome) {
        if (outcome instanceof StartOutcome.Failed failed && starter.isHopeless()) {
            starter.forgetFailures();
            rejectAllHeld(failed.problem());
        }
        pump();
    }

    private void callerGone(Exchange exchange) {
        if (exchange.state != Exchange.State.HELD) {
            return;
        }
        long now = now();
        held.remove(exchange, now);
        meter.dropped(now);
        attempts.over(exchange, 0, "its caller left", now);
        exchange.over(0);
        exchange.caller().over(0);
    }

    private void rejectAllHeld(Problem problem) {
        long now = now();
        // As many as are held now: a rejected caller may send its next request at once.
        for (int left = held.size(); left > 0; left--) {
            Exchange exchange = held.first();
            if (exchange != null) {
                held.remove(exchange, now);
                reject(exchange, problem, Throttle.START_FAILED, now);
            }
        }
    }

    private void reject(Exchange exchange, Problem problem, Throttle reason, long now) {
        meter.dropped(now);
        attempts.over(exchange, problem.status(), problem.code() + " " + problem.detail(), now);
        exchange.over(0);
        context.metrics().throttled(reason);
        exchange.caller().answer(problem, (now - exchange.arrivedNanos()) / NANOS_PER_MICRO);
    }

    private String account() {
        RevisionSpec known = spec;
        return known == null ? revision.namespace() : known.account();
    }

    private long nextTrial() {
        return held.isEmpty() ? Long.MAX_VALUE : pool.nextTrialNanos();
    }

    private void setAlarm(long atNanos, long now) {
        if (atNanos < alarmNanos) {
            alarmNanos = atNanos;
            long millis = TimeUnit.NANOSECONDS.toMillis(atNanos - now) + 1;
            loop.after(Math.max(1, millis), () -> alarm(atNanos));
        }
    }

    private void alarm(long setForNanos) {
        if (alarmNanos == setForNanos) {
            alarmNanos = Long.MAX_VALUE;
        }
        expire();
        pump();
    }

    private void expire() {
        long now = now();
        for (Exchange first = held.first(); first != null && first.deadlineNanos - now <= 0; first = held.first()) {
            held.remove(first, now);
            reject(
                    first,
                    Rejections.timedOut(
                            revision,
                            terms.holdNanosMax(context.limits()) / NANOS_PER_MILLI,
                            starter.lastReason(),
                            pool.leftAlone()),
                    Throttle.QUEUE_TIMEOUT,
                    now);
        }
    }

    private long now() {
        return context.nanoClock().getAsLong();
    }
}
