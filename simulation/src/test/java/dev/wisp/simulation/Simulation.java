package dev.wisp.simulation;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.plan.EpochPolicy;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.instance.SimulatedNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One seed's history, and what must hold in it. */
final class Simulation {

    private static final Duration TROUBLE = Duration.ofSeconds(40);

    /** A member that is missed, a takeover, the longest back-off and keep-alive, one after the other. */
    private static final Duration SETTLING = Duration.ofSeconds(20);

    private static final Duration QUIET = Duration.ofSeconds(5);

    /** Three heartbeats until a node is lost, and as long until what was decided on it has come to everyone. */
    private static final Duration OUT_OF_TOUCH = Duration.ofSeconds(8);

    private Simulation() {}

    /** What was broken, nothing if all is well; adds what became of the requests. */
    static List<String> run(long seed, Map<String, Integer> outcomes) {
        Platform platform = new Platform(seed);
        Faults faults = new Faults(platform);
        platform.time.run(Duration.ofSeconds(3), () -> {});
        faults.begin();
        platform.time.run(TROUBLE, () -> check(platform));
        faults.end();
        platform.time.run(Duration.ofSeconds(15), () -> check(platform));
        platform.heal();
        platform.time.run(SETTLING, () -> check(platform));
        Map<String, RevisionPlan> settled = plans(platform);
        platform.time.run(QUIET, () -> check(platform));
        checkSettled(platform, settled);
        platform.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Integer::sum));
        platform.nodes.values().forEach(node -> outcomes.merge("ended for others", node.evicted(), Integer::sum));
        return platform.violations;
    }

    /** Never above max-scale, and no node gives away more processor time than it has; over what the autoscaler may know of: a node that nobody hears of keeps its share, whatever others get. */
    private static void check(Platform platform) {
        platform.noteOutOfTouch();
        if (!platform.hasMoved()) {
            return;
        }
        platform.nodes.forEach((nodeId, node) -> {
            if (node.cpuMillicoresFree() < 0) {
                platform.violations.add("%s lacks %d millicores".formatted(nodeId, -node.cpuMillicoresFree()));
            }
        });
        for (RevisionSpec spec : platform.revisions) {
            int maxScale = spec.scaling().maxScale();
            if (maxScale == 0) {
                continue;
            }
            int live = 0;
            for (Map.Entry<String, SimulatedNode> node : platform.nodes.entrySet()) {
                if (platform.inTouchNanos(node.getKey()) > OUT_OF_TOUCH.toNanos()) {
                    live += node.getValue().live(spec.id());
                }
            }
            if (live > maxScale) {
                platform.violations.add("%s: %d instances, max-scale %d at %d ms"
                        .formatted(spec.service(), live, maxScale, platform.time.nanos() / 1_000_000));
            }
        }
    }

    private static Map<String, RevisionPlan> plans(Platform platform) {
        Map<String, RevisionPlan> plans = new HashMap<>();
        for (RevisionSpec spec : platform.revisions) {
            RevisionPlan plan = platform.kafka.last(Topics.PLANS, spec.id().toString());
            if (plan == null) {
                platform.violations.add("%s has no plan".formatted(spec.service()));
            } else {
                plans.put(spec.service(), plan);
            }
        }
        return plans;
    }

    private static void checkSettled(Platform platform, Map<String, RevisionPlan> settled) {
        if (platform.answered != platform.asked) {
            platform.violations.add("%d of %d requests were answered".formatted(platform.answered, platform.asked));
        }
        Map<String, RevisionPlan> now = plans(platform);
        if (!now.equals(settled)) {
            platform.violations.add("plans still change, from %s to %s".formatted(settled, now));
        }
        int owned = platform.autoscalers.stream()
                .mapToInt(replica -> replica.partitions())
                .sum();
        if (owned != Topics.DEMAND.partitions()) {
            platform.violations.add("%d partitions are owned".formatted(owned));
        }
        for (RevisionSpec spec : platform.revisions) {
            RevisionPlan plan = now.get(spec.service());
            if (plan != null) {
                checkPlan(platform, spec, plan);
            }
        }
        checkViews(platform);
    }

    private static void checkPlan(Platform platform, RevisionSpec spec, RevisionPlan plan) {
        int granted = plan.shares().stream()
                .mapToInt(share -> share.count() + share.burst())
                .sum();
        int maxScale = spec.scaling().maxScale();
        if (maxScale > 0 && granted > maxScale) {
            platform.violations.add("%s grants %d of max-scale %d".formatted(spec.service(), granted, maxScale));
        }
        if (plan.desired() != spec.scaling().minScale()) {
            platform.violations.add(
                    "%s is not called and still wants %d: %s".formatted(spec.service(), plan.desired(), plan.reason()));
        }
        if (EpochPolicy.term(plan.epoch()) != platform.term(spec)) {
            platform.violations.add("%s has a plan of term %d, its owner is of %d"
                    .formatted(spec.service(), EpochPolicy.term(plan.epoch()), platform.term(spec)));
        }
        platform.nodes.forEach((nodeId, node) -> {
            int count = plan.share(nodeId).map(RevisionPlan.NodeShare::count).orElse(0);
            int frozen = node.frozenBeyondPlan(spec.id());
            if (node.live(spec.id()) - frozen != count
                    || (frozen > 0 && spec.scaling().keepFrozenMillis() == 0)) {
                platform.violations.add("%s has %d of %s, %d of them frozen, where the plan holds %d"
                        .formatted(nodeId, node.live(spec.id()), spec.service(), frozen, count));
            }
        });
        for (SimulatedGateway gateway : platform.gateways) {
            if (!plan.equals(gateway.view().plans().get(spec.id().toString()))) {
                platform.violations.add("a gateway has another plan of %s: %s instead of %s"
                        .formatted(
                                spec.service(),
                                gateway.view().plans().get(spec.id().toString()),
                                plan));
            }
        }
    }

    /** What a gateway takes for an instance is one, and none is missing. */
    private static void checkViews(Platform platform) {
        for (SimulatedGateway gateway : platform.gateways) {
            for (InstanceEvent event : gateway.view().instances().values()) {
                SimulatedNode node = platform.nodes.get(event.nodeId());
                if (node == null || !node.isReady(event.instanceId())) {
                    platform.violations.add("a gateway knows %s, which is not there".formatted(event.instanceId()));
                }
            }
        }
    }
}
