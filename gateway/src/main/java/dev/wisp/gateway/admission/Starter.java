package dev.wisp.gateway.admission;

import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.dataplane.StartInstance;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.plan.EpochPolicy;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.gateway.admission.InstancePool.Instance;
import dev.wisp.gateway.coldstart.FailurePolicy;
import dev.wisp.gateway.coldstart.StartBook;
import dev.wisp.gateway.coldstart.StartPolicy;
import dev.wisp.gateway.coldstart.StartPolicy.NodeAsk;
import dev.wisp.gateway.coldstart.StartPolicy.StartDecision;
import dev.wisp.gateway.metric.GatewayMetrics.StartResult;
import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks nodes for instances of one revision as {@link StartPolicy} decides; owned by the revision's event loop. */
final class Starter {

    private static final Logger LOG = Logger.getLogger(Starter.class);

    private final RevisionId revision;
    private final DeskContext context;
    private final Loop loop;
    private final InstancePool pool;
    private final Consumer<StartOutcome> ended;
    private final StartBook book = new StartBook();
    private final StartInstance command;
    private @Nullable RevisionPlan plan;
    private final List<Instance> fresh = new ArrayList<>();
    private String lastReason = "nothing was decided yet";

    /** {@code ended} is called on the loop when a start came to an end and the pool has what came of it. */
    Starter(RevisionId revision, DeskContext context, Loop loop, InstancePool pool, Consumer<StartOutcome> ended) {
        this.revision = revision;
        this.context = context;
        this.loop = loop;
        this.pool = pool;
        this.ended = ended;
        this.command = new StartInstance(revision, context.gatewayId());
    }

    void planned(RevisionPlan next) {
        if (plan == null || EpochPolicy.accepts(plan.epoch(), next.epoch())) {
            plan = next;
            book.forgetRefusals();
        }
    }

    void roomMayBeFree() {
        book.forgetRefusals();
    }

    /** Why nothing more was started when that was last decided, for people. */
    String lastReason() {
        return lastReason;
    }

    /** Whether the starts that failed leave nothing that could serve the held requests. */
    boolean isHopeless() {
        return FailurePolicy.decide(book.failures(), pool.size(), book.starting()) == FailurePolicy.Verdict.FAIL_HELD;
    }

    void forgetFailures() {
        book.forgetFailures();
    }

    /** The requests that waited for the last starts have been handed out: what comes from now on finds those instances warm. */
    void settle() {
        if (!fresh.isEmpty()) {
            fresh.forEach(Instance::settled);
            fresh.clear();
        }
    }

    /** Asks for what {@code queued} held requests need; returns when to decide again, {@link Long#MAX_VALUE} for on the next event. */
    long startFor(int queued, int slots, long now) {
        if (queued == 0) {
            return Long.MAX_VALUE;
        }
        StartDecision decision = StartPolicy.decide(book.view(queued, slots, plan, context.nodes(), pool::liveOn, now));
        lastReason = decision.reason();
        LOG.debugf("revision=%s %s", revision, decision);
        return switch (decision) {
            case StartDecision.Wait wait -> wait.againAtNanos();
            case StartDecision.Ask ask -> {
                ask.asks().forEach(this::ask);
                yield Long.MAX_VALUE;
            }
        };
    }

    private void ask(NodeAsk ask) {
        NodePort node = context.nodes().find(ask.nodeId());
        if (node == null) {
            return;
        }
        for (int left = ask.instances(); left > 0; left--) {
            book.asked(ask.nodeId());
            long askedNanos = now();
            node.start(command)
                    .onComplete(result -> loop.execute(() -> answered(ask.nodeId(), askedNanos, outcome(result))));
        }
    }

    private void answered(String nodeId, long askedNanos, StartOutcome outcome) {
        switch (outcome) {
            case StartOutcome.Started started -> {
                book.started(nodeId);
                context.metrics().start(StartResult.STARTED);
                Instance instance = pool.add(started.instanceId(), nodeId, started.slots());
                instance.fresh(started.timing(), askedNanos);
                fresh.add(instance);
            }
            case StartOutcome.Refused refused -> {
                book.refused(nodeId, now(), context.jitter().getAsDouble());
                context.metrics().start(StartResult.REFUSED);
                LOG.debugf("revision=%s nodeId=%s refused a start: %s", revision, nodeId, refused);
            }
            case StartOutcome.Failed failed -> {
                book.failed(nodeId, now(), context.jitter().getAsDouble());
                context.metrics().start(StartResult.FAILED);
                LOG.debugf(
                        "revision=%s nodeId=%s start failed: %s",
                        revision, nodeId, failed.problem().detail());
            }
        }
        ended.accept(outcome);
    }

    /** A node's future does not fail; should it, the node is taken to be out of reach. */
    private static StartOutcome outcome(AsyncResult<StartOutcome> result) {
        return result.succeeded()
                ? result.result()
                : new StartOutcome.Refused(
                        StartOutcome.Refusal.UNREACHABLE,
                        String.valueOf(result.cause().getMessage()));
    }

    private long now() {
        return context.nanoClock().getAsLong();
    }
}
