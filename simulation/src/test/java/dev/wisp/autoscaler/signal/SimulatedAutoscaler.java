package dev.wisp.autoscaler.signal;

import dev.wisp.autoscaler.explain.Decision;
import dev.wisp.autoscaler.explain.DecisionLog;
import dev.wisp.autoscaler.node.NodeBook;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.testkit.simulation.SimulatedBus;
import dev.wisp.testkit.simulation.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A replica of the autoscaler: the production loop, stepped by virtual time. */
public final class SimulatedAutoscaler {

    private static final Duration TICK = Duration.ofMillis(250);

    private final SimulatedBus bus;
    private final DecisionLog log = new DecisionLog(1);
    private final ScalingLoop loop;

    public SimulatedAutoscaler(SimulatedBus bus, VirtualTime time) {
        this.bus = bus;
        this.loop = new ScalingLoop(bus, log, new NodeBook(), ScalingLoop.Settings.DEFAULT);
        loop.subscribe();
        time.every(TICK, time.chance(bus.name()), () -> {
            if (!bus.isSuspended() && bus.isAlive()) {
                loop.runOnce(time.instant());
            }
            return bus.isAlive();
        });
    }

    public SimulatedBus bus() {
        return bus;
    }

    /** The last decision on a service, empty for one of others. */
    public Optional<Decision> decision(RevisionSpec spec) {
        return log.latest(spec.id().namespace(), spec.service(), 1).stream()
                .flatMap(List::stream)
                .findFirst();
    }

    /** Its term as the owner of a revision, -1 for one of others. */
    public long term(RevisionId revision) {
        return loop.term(revision);
    }

    /** Partitions it takes to be its own. */
    public int partitions() {
        return loop.partitions();
    }
}
