package dev.wisp.node.instance;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.instance.InstanceEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Publishes what became of instances. Moves within {@link #GATHER} are told as one, so that the thousand short lives of a burst cost the
 * broker two values each and not five. One thread publishes, which keeps the order of one instance's events. Thread-safe.
 */
final class InstanceAnnouncer {

    private static final Duration GATHER = Duration.ofMillis(5);

    private final String nodeId;
    private final FactPublisher publisher;
    private final ScheduledExecutorService clock;
    private final InstantSource now;
    private final Set<Instance> changed = ConcurrentHashMap.newKeySet();
    /** Of those last told to have something in flight. */
    private final Set<Instance> busy = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean scheduled = new AtomicBoolean();

    InstanceAnnouncer(String nodeId, FactPublisher publisher, ScheduledExecutorService clock, InstantSource now) {
        this.nodeId = nodeId;
        this.publisher = publisher;
        this.clock = clock;
        this.now = now;
    }

    void changed(Instance instance) {
        changed.add(instance);
        if (!clock.isShutdown() && scheduled.compareAndSet(false, true)) {
            clock.schedule(this::runOnce, GATHER.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * With every heartbeat: what is busy, and what was said to be busy and is not any more. A gateway that was refused by a full instance of
     * another gateway's calls learns so that there is room again.
     */
    void beat(Collection<Instance> all) {
        for (Instance instance : all) {
            if (instance.inFlight() > 0 || busy.contains(instance)) {
                changed(instance);
            }
        }
    }

    /** Tells everything that changed; returns how many instances that were. */
    int runOnce() {
        scheduled.set(false);
        int told = 0;
        // In an order of their own, so that the same history is told the same way.
        for (Instance instance :
                changed.stream().sorted(Comparator.comparing(Instance::id)).toList()) {
            changed.remove(instance);
            tell(instance);
            told++;
        }
        return told;
    }

    private void tell(Instance instance) {
        InstanceEvent event = instance.snapshot(nodeId, now.instant());
        if (event.inFlight() > 0 && event.state() != InstanceEvent.State.GONE) {
            busy.add(instance);
        } else {
            busy.remove(instance);
        }
        if (event.state() == InstanceEvent.State.GONE) {
            publisher.publishOnce(Topics.INSTANCES, event.instanceId(), event);
            publisher.publish(Topics.INSTANCES, event.instanceId(), null);
        } else {
            publisher.publish(Topics.INSTANCES, event.instanceId(), event);
        }
    }
}
