package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.node.NodeOrder;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.plan.KeepAliveHistory;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.route.Route;
import org.jspecify.annotations.Nullable;

/** One thing the loop learnt; a null value means that the key is gone. */
sealed interface Signal {

    record RevisionSeen(RevisionId revision, @Nullable RevisionSpec spec) implements Signal {}

    record RouteSeen(String host, @Nullable Route route) implements Signal {}

    record NodeSeen(String nodeId, @Nullable NodeStatus status) implements Signal {}

    record NodeOrdered(String nodeId, @Nullable NodeOrder order) implements Signal {}

    record InstanceSeen(String instanceId, @Nullable InstanceEvent event) implements Signal {}

    record ReadinessSeen(String key, @Nullable RevisionReadiness readiness) implements Signal {}

    record DemandSeen(DemandReport report) implements Signal {}

    record PlanSeen(RevisionId revision, @Nullable RevisionPlan plan) implements Signal {}

    record HistorySeen(RevisionId revision, @Nullable KeepAliveHistory history) implements Signal {}

    /** A partition of the demand is this replica's from now on; what is read of it again follows. */
    record PartitionAssigned(int partition, int partitions, long term) implements Signal {}

    /** What was in the partition when it came was all read. */
    record PartitionRebuilt(int partition) implements Signal {}

    record PartitionRevoked(int partition) implements Signal {}

    record BudgetSeen(String name, @Nullable BudgetRule rule) implements Signal {}

    record PublishFailed(RevisionId revision, long epoch) implements Signal {}
}
