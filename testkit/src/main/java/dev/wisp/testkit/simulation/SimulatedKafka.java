package dev.wisp.testkit.simulation;

import dev.wisp.contracts.bus.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A broker in {@link VirtualTime}: values of a partition stay in order, everything else may overtake everything else; what is published
 * may be lost, or be kept while its publisher is told otherwise; readers are told things twice; topics are compacted at any moment.
 */
public final class SimulatedKafka {

    private final VirtualTime time;
    private final Map<String, SimulatedLog> logs = new HashMap<>();
    private final Map<String, SimulatedGroup> groups = new HashMap<>();
    private final List<SimulatedBus> buses = new ArrayList<>();
    private boolean faulty = true;

    public SimulatedKafka(VirtualTime time) {
        this.time = time;
    }

    /** The connection of one process of that name, which lives until {@link SimulatedBus#kill}. */
    public SimulatedBus connect(String name) {
        SimulatedBus bus = new SimulatedBus(this, time, name);
        buses.add(bus);
        return bus;
    }

    /** From now on nothing is lost, repeated or late by more than a few milliseconds, and everyone is connected. */
    public void heal() {
        faulty = false;
        buses.forEach(bus -> bus.setReachable(true));
    }

    /** Nobody reaches the broker, or everybody does again. */
    public void setAway(boolean away) {
        buses.forEach(bus -> bus.setReachable(!away));
    }

    public void compact() {
        logs.values().forEach(SimulatedLog::compact);
    }

    /** What who starts now would take for the present value of a key. */
    public <T> @Nullable T last(Topic<T> topic, String key) {
        return topic.type().cast(log(topic).last(key));
    }

    boolean isFaulty() {
        return faulty;
    }

    SimulatedLog log(Topic<?> topic) {
        return logs.computeIfAbsent(topic.name(), name -> new SimulatedLog(topic));
    }

    SimulatedGroup group(String name, Topic<?> topic) {
        return groups.computeIfAbsent(name, key -> new SimulatedGroup(name, time, topic.partitions()));
    }

    void appended(Topic<?> topic) {
        buses.removeIf(bus -> !bus.isAlive());
        buses.forEach(bus -> bus.appended(topic));
    }
}
