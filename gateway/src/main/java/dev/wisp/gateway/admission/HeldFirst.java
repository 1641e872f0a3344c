package dev.wisp.gateway.admission;

import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a pool in two parts: those that the plan holds, which are filled first, and the rest. What load spread over all of them would
 * keep busy for ever falls idle and stops when less is wanted. Owned by the revision's event loop.
 */
final class HeldFirst {

    /** All of them when the plan holds none. */
    private final List<InstancePool.Instance> held = new ArrayList<>();

    private final List<InstancePool.Instance> rest = new ArrayList<>();
    private Map<String, Integer> counts = Map.of();

    /** Takes over how many the plan holds on each node. */
    void planned(RevisionPlan plan, List<InstancePool.Instance> instances) {
        Map<String, Integer> planned = new HashMap<>();
        for (NodeShare share : plan.shares()) {
            if (share.count() > 0) {
                planned.put(share.nodeId(), share.count());
            }
        }
        if (!planned.equals(counts)) {
            counts = planned;
            arrange(instances);
        }
    }

    /** To be called when an instance came or went. By their names, so that all gateways take the same ones for those that the plan holds. */
    void arrange(List<InstancePool.Instance> instances) {
        held.clear();
        rest.clear();
        if (counts.isEmpty()) {
            held.addAll(instances);
            return;
        }
        Map<String, Integer> open = new HashMap<>(counts);
        Set<String> planned = new HashSet<>();
        instances.stream()
                .sorted(Comparator.comparing(InstancePool.Instance::id))
                .filter(instance -> open.merge(instance.nodeId(), -1, Integer::sum) >= 0)
                .forEach(instance -> planned.add(instance.id()));
        for (InstancePool.Instance instance : instances) {
            (planned.contains(instance.id()) ? held : rest).add(instance);
        }
    }

    /** One with a free slot, {@code last} only if no other has one; null when none has. */
    InstancePool.@Nullable Instance choose(BalancePolicy.@Nullable Load last, DoubleSupplier roll) {
        InstancePool.Instance chosen = choose(held, last, roll);
        if (chosen != null && !chosen.equals(last)) {
            return chosen;
        }
        InstancePool.Instance other = choose(rest, last, roll);
        return other == null ? chosen : other;
    }

    private static InstancePool.@Nullable Instance choose(
            List<InstancePool.Instance> among, BalancePolicy.@Nullable Load last, DoubleSupplier roll) {
        int at = BalancePolicy.choose(among, last, roll);
        return at == BalancePolicy.NONE ? null : among.get(at);
    }
}
