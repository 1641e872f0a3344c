package dev.wisp.simulation;

import dev.wisp.contracts.node.NodeOrder;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.instance.SimulatedNode;
import dev.wisp.testkit.simulation.Chance;
import dev.wisp.testkit.simulation.SimulatedBus;
import dev.wisp.testkit.simulation.VirtualTime;
import java.time.Duration;
import java.util.List;

/** What happens to a platform while it is called: each moment and each kind of it comes from the seed. */
final class Faults {

    private static final Duration FAULT_EVERY = Duration.ofSeconds(3);
    private static final Duration REQUEST_EVERY = Duration.ofMillis(150);

    private final Platform platform;
    private final VirtualTime time;
    private final Chance faults;
    private final Chance calls;
    private boolean over;

    Faults(Platform platform) {
        this.platform = platform;
        this.time = platform.time;
        this.faults = time.chance("faults");
        this.calls = time.chance("calls");
    }

    void begin() {
        time.every(FAULT_EVERY, faults, () -> {
            if (!over) {
                time.after(faults.between(Duration.ZERO, FAULT_EVERY), this::happen);
            }
            return !over;
        });
        time.every(REQUEST_EVERY, calls, () -> {
            if (!over) {
                call();
            }
            return !over;
        });
    }

    /** Everything that was taken away is given back by itself; nothing new happens. */
    void end() {
        over = true;
    }

    private void call() {
        RevisionSpec spec = calls.pick(platform.revisions);
        int burst = calls.of(0.05) ? 1 + calls.below(30) : 1;
        for (int i = 0; i < burst; i++) {
            int gateway = calls.below(platform.gateways.size());
            Duration takes = calls.between(Duration.ofMillis(1), Duration.ofMillis(calls.of(0.1) ? 3_000 : 100));
            platform.request(gateway, spec, takes);
        }
    }

    private void happen() {
        if (over) {
            return;
        }
        switch (faults.below(10)) {
            case 0 -> killNode();
            case 1 -> killAutoscaler();
            case 2 -> suspendAutoscaler();
            case 3 -> platform.restartGateway(faults.below(platform.gateways.size()));
            case 4 -> cutNode();
            case 5 -> cut(faults.pick(platform.gateways).bus());
            case 6 -> cut(faults.pick(platform.autoscalers).bus());
            case 7 -> kafkaAway();
            case 8 -> orderNode();
            default -> crashOne();
        }
        platform.kafka.compact();
    }

    private void killNode() {
        String nodeId = "n" + faults.below(3);
        platform.killNode(nodeId);
        time.after(faults.between(Duration.ofSeconds(1), Duration.ofSeconds(8)), () -> platform.startNode(nodeId));
    }

    private void killAutoscaler() {
        int index = faults.below(platform.autoscalers.size());
        platform.autoscalers.get(index).bus().kill();
        time.after(
                faults.between(Duration.ofMillis(500), Duration.ofSeconds(8)), () -> platform.startAutoscaler(index));
    }

    private void suspendAutoscaler() {
        SimulatedBus bus = faults.pick(platform.autoscalers).bus();
        bus.setSuspended(true);
        time.after(faults.between(Duration.ofSeconds(1), Duration.ofSeconds(12)), () -> bus.setSuspended(false));
    }

    private void cutNode() {
        List<SimulatedNode> nodes = List.copyOf(platform.nodes.values());
        if (!nodes.isEmpty()) {
            cut(faults.pick(nodes).bus());
        }
    }

    private void cut(SimulatedBus bus) {
        bus.setReachable(false);
        time.after(faults.between(Duration.ofSeconds(1), Duration.ofSeconds(10)), () -> bus.setReachable(true));
    }

    private void kafkaAway() {
        platform.kafka.setAway(true);
        time.after(faults.between(Duration.ofSeconds(1), Duration.ofSeconds(6)), () -> platform.kafka.setAway(false));
    }

    private void orderNode() {
        String nodeId = "n" + faults.below(3);
        platform.order(nodeId, faults.of(0.5) ? NodeOrder.Wish.DRAIN : NodeOrder.Wish.CORDON);
        time.after(faults.between(Duration.ofSeconds(1), Duration.ofSeconds(12)), () -> platform.order(nodeId, null));
    }

    private void crashOne() {
        List<SimulatedNode> nodes = List.copyOf(platform.nodes.values());
        if (!nodes.isEmpty()) {
            faults.pick(nodes).crashOne();
        }
    }
}
