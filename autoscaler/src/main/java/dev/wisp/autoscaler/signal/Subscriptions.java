package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Bus.Subscription;
import dev.wisp.contracts.bus.GroupMember;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.revision.RevisionId;
import java.util.ArrayList;
import java.util.List;

/** The topics the loop reads, each turned into signals on its reader's thread. */
final class Subscriptions implements AutoCloseable {

    private final Bus bus;
    private final Inbox inbox;
    private final List<Subscription> compacted = new ArrayList<>();
    private final List<Subscription> all = new ArrayList<>();

    Subscriptions(Bus bus, Inbox inbox) {
        this.bus = bus;
        this.inbox = inbox;
    }

    void open() {
        compacted.add(bus.subscribe(
                Topics.REVISIONS, (key, spec) -> inbox.put(new Signal.RevisionSeen(RevisionId.parse(key), spec))));
        compacted.add(bus.subscribe(
                Topics.PLANS, (key, plan) -> inbox.put(new Signal.PlanSeen(RevisionId.parse(key), plan))));
        compacted.add(bus.subscribe(
                Topics.HISTORIES, (key, known) -> inbox.put(new Signal.HistorySeen(RevisionId.parse(key), known))));
        compacted.add(bus.subscribe(Topics.ROUTES, (key, route) -> inbox.put(new Signal.RouteSeen(key, route))));
        compacted.add(bus.subscribe(Topics.NODES, (key, status) -> inbox.put(new Signal.NodeSeen(key, status))));
        compacted.add(bus.subscribe(Topics.NODE_ORDERS, (key, order) -> inbox.put(new Signal.NodeOrdered(key, order))));
        compacted.add(bus.subscribe(Topics.INSTANCES, (key, event) -> inbox.put(new Signal.InstanceSeen(key, event))));
        compacted.add(bus.subscribe(
                Topics.READINESS, (key, readiness) -> inbox.put(new Signal.ReadinessSeen(key, readiness))));
        compacted.add(bus.subscribe(Topics.BUDGETS, (key, rule) -> inbox.put(new Signal.BudgetSeen(key, rule))));
        all.addAll(compacted);
    }

    /** Joins those who share the revisions among them. */
    void join(GroupMember member, DemandMember handler) {
        all.add(bus.share(Topics.DEMAND, member, handler));
    }

    /** Whether every compacted topic was read to where it ended when reading began. */
    boolean caughtUp() {
        return !compacted.isEmpty()
                && compacted.stream()
                        .allMatch(subscription -> subscription.caughtUp().isDone());
    }

    @Override
    public void close() {
        all.reversed().forEach(Subscription::close);
    }
}
