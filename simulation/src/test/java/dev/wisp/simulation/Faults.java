package dev.wisp.simulation;

import dev.wisp.contracts.node.NodeOrder;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.instance.SimulatedNode;
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
    private boolean over;

    Faults(Platform platform) {
        this.platform = platform;
        this.time = platform.time;
    }

    void begin() {
        time.every(FAULT_EVERY, () -> {
            if (!over) {
                time.after(time.between(Duration.ZERO, FAULT_EVERY), this::happen);
            }
            return !over;
        });
        time.every(REQUEST_EVERY, () -> {
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
        RevisionSpec spec = pick(platform.revisions);
        int burst = time.chance(0.05) ? 1 + time.random().nextInt(30) : 1;
        for (int i = 0; i < burst; i++) {
            int gateway = time.random().nextInt(platform.gateways.size());
            Duration takes = time.between(Duration.ofMillis(1), Duration.ofMillis(time.chance(0.1) ? 3_000 : 100));
            platform.request(gateway, spec, takes);
        }
    }

    private void happen() {
        if (over) {
            return;
        }
        switch (time.random().nextInt(10)) {
            case 0 -> killNode();
            case 1 -> killAutoscaler();
            case 2 -> suspendAutoscaler();
            case 3 -> platform.restartGateway(time.random().nextInt(platform.gateways.size()));
            case 4 -> cutNode();
            case 5 -> cut(pick(platform.gateways).bus());
            case 6 -> cut(pick(platform.autoscalers).bus());
            case 7 -> kafkaAway();
            case 8 -> orderNode();
            default -> crashOne();
        }
        platform.kafka.compact();
    }

    private void killNode() {
        String nodeId = "n" + time.random().nextInt(3);
        platform.killNode(nodeId);
        time.after(time.between(Duration.ofSeconds(1), Duration.ofSeconds(8)), () -> platform.startNode(nodeId));
    }

    private void killAutoscaler() {
        int index = time.random().nextInt(platform.autoscalers.size());
        platform.autoscalers.get(index).bus().kill();
        time.after(time.between(Duration.ofMillis(500), Duration.ofSeconds(8)), () -> platform.startAutoscaler(index));
    }

    private void suspendAutoscaler() {
        SimulatedBus bus = pick(platform.autoscalers).bus();
        bus.setSuspended(true);
        time.after(time.between(Duration.ofSeconds(1), Duration.ofSeconds(12)), () -> bus.setSuspended(false));
    }

    private void cutNode() {
        List<SimulatedNode> nodes = List.copyOf(platform.nodes.values());
        if (!nodes.isEmpty()) {
            cut(pick(nodes).bus());
        }
    }

    private void cut(SimulatedBus bus) {
        bus.setReachable(false);
        time.after(time.between(Duration.ofSeconds(1), Duration.ofSeconds(10)), () -> bus.setReachable(true));
    }

    private void kafkaAway() {
        platform.kafka.setAway(true);
        time.after(time.between(Duration.ofSeconds(1), Duration.ofSeconds(6)), () -> platform.kafka.setAway(false));
    }

    private void orderNode() {
        String nodeId = "n" + time.random().nextInt(3);
        platform.order(nodeId, time.chance(0.5) ? NodeOrder.Wish.DRAIN : NodeOrder.Wish.CORDON);
        time.after(time.between(Duration.ofSeconds(1), Duration.ofSeconds(12)), () -> platform.order(nodeId, null));
    }

    private void crashOne() {
        List<SimulatedNode> nodes = List.copyOf(platform.nodes.values());
        if (!nodes.isEmpty()) {
            pick(nodes).crashOne();
        }
    }

    private <T> T pick(List<T> all) {
        return all.get(time.random().nextInt(all.size()));
    }
}
