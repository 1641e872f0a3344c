package dev.wisp.contracts.bus;

import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.budget.LeaseAnswer;
import dev.wisp.contracts.budget.LeaseAsk;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.invocation.InvocationBatch;
import dev.wisp.contracts.node.NodeOrder;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.plan.KeepAliveHistory;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.route.Route;
import java.time.Duration;
import java.util.List;

/** Every topic; who writes and who reads each is in {@code docs/architecture.md}. */
public final class Topics {

    /**
     * What nobody waits for travels together, and after the call that caused it: the broker and its readers want the processors that a
     * start needs. Demand and instances are for decisions taken every quarter of a second; the gateway that asked for an instance has
     * its address from the node.
     */
    private static final Duration LINGER = Duration.ofMillis(10);

    /** Stored calls are large, and have a producer of their own so that small values never wait behind them. */
    private static final Duration ASYNC_LINGER = Duration.ofMillis(1);

    /** Key: revision. Controller to everyone; a tombstone when the revision is deleted. */
    public static final Topic<RevisionSpec> REVISIONS = Topic.compacted("wisp.revisions", RevisionSpec.class);

    /** Key: host. Controller to gateways. */
    public static final Topic<Route> ROUTES = Topic.compacted("wisp.routes", Route.class);

    /** Key: revision. Gateways to the autoscaler. */
    public static final Topic<DemandReport> DEMAND = Topic.kept(
                    "wisp.demand", DemandReport.class, Duration.ofHours(2), 4)
            .lingering(LINGER);

    /** Key: revision. Autoscaler to nodes and gateways. */
    public static final Topic<RevisionPlan> PLANS = Topic.compacted("wisp.plans", RevisionPlan.class);

    /** Key: revision. Autoscaler to whichever replica of it decides next. */
    public static final Topic<KeepAliveHistory> HISTORIES = Topic.compacted("wisp.histories", KeepAliveHistory.class);

    /** Key: instance. Nodes to gateways, autoscaler and console. */
    public static final Topic<InstanceEvent> INSTANCES =
            Topic.compacted("wisp.instances", InstanceEvent.class).lingering(LINGER);

    /** Key: node. Nodes to autoscaler and gateways. */
    public static final Topic<NodeStatus> NODES = Topic.compacted("wisp.nodes", NodeStatus.class);

    /** Key: node. Operators, through the API, to the autoscaler; a tombstone takes the order back. */
    public static final Topic<NodeOrder> NODE_ORDERS = Topic.compacted("wisp.node-orders", NodeOrder.class);

    /** Key: {@code revision@node}. Nodes to the controller. */
    public static final Topic<RevisionReadiness> READINESS = Topic.compacted("wisp.readiness", RevisionReadiness.class);

    /** Key: account. Nodes to billing, many records in a value where there are many. */
    public static final Topic<InvocationBatch> INVOCATIONS = Topic.kept(
                    "wisp.invocations", InvocationBatch.class, Duration.ofDays(7), 4)
            .lingering(LINGER);

    /** Key: version. Billing to nodes. */
    public static final Topic<PriceBook> PRICES = Topic.compacted("wisp.prices", PriceBook.class);

    /** Key: budget. Billing to gateways; a tombstone when it only tells or is gone. */
    public static final Topic<BudgetRule> BUDGETS = Topic.compacted("wisp.budgets", BudgetRule.class);

    /** Key: budget. Gateways to billing. */
    public static final Topic<LeaseAsk> LEASE_ASKS =
            Topic.kept("wisp.budget.asks", LeaseAsk.class, Duration.ofHours(1), 1);

    /** Key: gateway. Billing to gateways. */
    public static final Topic<LeaseAnswer> LEASE_ANSWERS =
            Topic.kept("wisp.budget.answers", LeaseAnswer.class, Duration.ofHours(1), 1);

    /** Key: call. Gateways to gateways; a tombstone when the result is forgotten. */
    public static final Topic<AsyncInvocation> ASYNC = Topic.compacted(
                    "wisp.async", AsyncInvocation.class, Duration.ofDays(7))
            .lingering(ASYNC_LINGER);

    /** Has no values: the gateway that owns a partition makes the calls whose keys fall into it. */
    public static final Topic<AsyncInvocation> ASYNC_SHARES =
            Topic.kept("wisp.async.shares", AsyncInvocation.class, Duration.ofHours(1), 8);

    /** Key: call. Gateways to whoever looks: calls that were given up, as they were when that happened. */
    public static final Topic<AsyncInvocation> DEAD_LETTERS = Topic.kept(
                    "wisp.async.dead-letters", AsyncInvocation.class, Duration.ofDays(7), 4)
            .lingering(ASYNC_LINGER);

    public static final List<Topic<?>> ALL = List.of(
            REVISIONS,
            ROUTES,
            DEMAND,
            PLANS,
            HISTORIES,
            INSTANCES,
            NODES,
            NODE_ORDERS,
            READINESS,
            INVOCATIONS,
            PRICES,
            BUDGETS,
            LEASE_ASKS,
            LEASE_ANSWERS,
            ASYNC,
            ASYNC_SHARES,
            DEAD_LETTERS);

    private Topics() {}
}
