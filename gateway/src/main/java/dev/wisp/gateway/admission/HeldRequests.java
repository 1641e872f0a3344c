package dev.wisp.gateway.admission;

import org.jspecify.annotations.Nullable;

/** The requests of one revision that are held, each with the share it takes of what its account and all may hold. Owned by the revision's event loop. */
final class HeldRequests {

    private final DeskContext context;
    private final HoldQueue queue = new HoldQueue();

    HeldRequests(DeskContext context) {
        this.context = context;
    }

    /** Whether there is room for one more. */
    AdmissionPolicy.Verdict roomFor(Exchange exchange, String account) {
        HoldBudget budget = context.budget();
        return AdmissionPolicy.decide(
                new AdmissionPolicy.HoldView(queue.size(), budget.of(account), budget.inAll()),
                exchange.bytes(),
                context.limits());
    }

    /** In its place by arrival; there may be no room, for one that had some before. */
    void add(Exchange exchange, String account) {
        exchange.state = Exchange.State.HELD;
        queue.addInOrder(exchange);
        exchange.heldFor = account;
        context.budget().take(exchange.heldFor, exchange.bytes());
        context.metrics().held();
    }

    void remove(Exchange exchange, long nowNanos) {
        queue.remove(exchange);
        context.budget().give(exchange.heldFor, exchange.bytes());
        context.metrics().released(nowNanos - exchange.arrivedNanos());
    }

    int size() {
        return queue.size();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** The one held longest, null when there is none. */
    @Nullable
    Exchange first() {
        return queue.first();
    }

    /** When the first is out of time. */
    long nextDeadlineNanos() {
        Exchange first = queue.first();
        return first == null ? Long.MAX_VALUE : first.deadlineNanos;
    }
}
