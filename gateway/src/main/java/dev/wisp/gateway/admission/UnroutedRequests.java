package dev.wisp.gateway.admission;

import dev.wisp.contracts.problem.Problem;
import dev.wisp.gateway.metric.GatewayMetrics.Throttle;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Requests whose service has no ready revision yet, held until its route changes or their time is up. The control plane calls a service
 * ready a moment before its route has reached every gateway; who calls in that moment waits instead of failing. Owned by one event loop:
 * all methods run on it.
 */
public final class UnroutedRequests {

    /** A host without a ready revision has no account either: all of them share one. */
    private static final String NOBODY = "";

    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final DeskContext context;
    private final Loop loop;
    private final Map<String, HoldQueue> hosts = new HashMap<>();

    public UnroutedRequests(DeskContext context, Loop loop) {
        this.context = context;
        this.loop = loop;
    }

    /** Holds a request for a host, and answers it with the problem when nothing has come of that in time. */
    public void hold(String host, Exchange exchange, Problem tooLate) {
        long waitMillis = context.limits().routeWaitMillisMax();
        HoldQueue queue = hosts.computeIfAbsent(host, name -> new HoldQueue());
        if (waitMillis == 0 || !mayHold(queue, exchange)) {
            forgetEmpty(host, queue);
            reject(exchange, tooLate);
            return;
        }
        queue.addLast(exchange);
        exchange.state = Exchange.State.HELD;
        exchange.deadlineNanos = now() + waitMillis * NANOS_PER_MILLI;
        context.budget().take(NOBODY, exchange.bytes());
        context.metrics().held();
        exchange.caller().held(() -> loop.execute(() -> callerGone(host, exchange)));
        loop.after(waitMillis + 1, () -> expire(host, tooLate));
    }

    /** The route of a host has changed: takes all that were held for it to where they go now. */
    public void release(String host, Consumer<Exchange> onward) {
        HoldQueue queue = hosts.remove(host);
        if (queue == null) {
            return;
        }
        for (Exchange first = queue.first(); first != null; first = queue.first()) {
            unhold(queue, first);
            first.state = Exchange.State.NEW;
            onward.accept(first);
        }
    }

    private boolean mayHold(HoldQueue queue, Exchange exchange) {
        HoldBudget budget = context.budget();
        AdmissionPolicy.HoldView view = new AdmissionPolicy.HoldView(queue.size(), budget.of(NOBODY), budget.inAll());
        return AdmissionPolicy.decide(view, exchange.bytes(), context.limits()) == AdmissionPolicy.Verdict.HOLD;
    }

    private void callerGone(String host, Exchange exchange) {
        HoldQueue queue = hosts.get(host);
        if (queue != null && queue.contains(exchange)) {
            unhold(queue, exchange);
            forgetEmpty(host, queue);
            exchange.state = Exchange.State.OVER;
            exchange.caller().over(0);
        }
    }

    private void expire(String host, Problem tooLate) {
        HoldQueue queue = hosts.get(host);
        if (queue == null) {
            return;
        }
        long now = now();
        for (Exchange first = queue.first(); first != null && first.deadlineNanos - now <= 0; first = queue.first()) {
            unhold(queue, first);
            reject(first, tooLate);
        }
        forgetEmpty(host, queue);
    }

    private void unhold(HoldQueue queue, Exchange exchange) {
        queue.remove(exchange);
        context.budget().give(NOBODY, exchange.bytes());
        context.metrics().released(now() - exchange.arrivedNanos());
    }

    private void reject(Exchange exchange, Problem problem) {
        exchange.state = Exchange.State.OVER;
        context.metrics().throttled(Throttle.NO_INSTANCE);
        exchange.caller().answer(problem, (now() - exchange.arrivedNanos()) / NANOS_PER_MICRO);
    }

    private void forgetEmpty(String host, HoldQueue queue) {
        if (queue.isEmpty()) {
            hosts.remove(host, queue);
        }
    }

    private long now() {
        return context.nanoClock().getAsLong();
    }
}
