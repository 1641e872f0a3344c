package dev.wisp.testkit.simulation;

import dev.wisp.contracts.bus.SharedHandler;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A process as a member of a group. */
final class SimulatedMember<T> {

    private final SimulatedBus bus;
    private final VirtualTime time;
    private final SimulatedLog log;
    private final SimulatedReader<T> reader;
    private final SharedHandler<T> handler;
    private final Set<Integer> owned = new TreeSet<>();
    private long heardOfNanos;

    SimulatedMember(
            SimulatedBus bus, VirtualTime time, SimulatedLog log, SimulatedReader<T> reader, SharedHandler<T> handler) {
        this.bus = bus;
        this.time = time;
        this.log = log;
        this.reader = reader;
        this.handler = handler;
        this.heardOfNanos = time.nanos();
    }

    boolean isAlive() {
        return bus.isAlive();
    }

    boolean isConnected() {
        return bus.isConnected();
    }

    void heartbeat() {
        heardOfNanos = time.nanos();
    }

    long silentNanos() {
        return time.nanos() - heardOfNanos;
    }

    long termSeen() {
        return handler.termSeen();
    }

    boolean owns(int partition) {
        return owned.contains(partition);
    }

    void take(int partition, int partitions, long term) {
        owned.add(partition);
        handler.assigned(partition, partitions, term);
        long from = log.offsetAt(partition, time.instant().minus(handler.reread()));
        reader.add(partition, from, () -> handler.caughtUp(partition));
    }

    void lose(int partition) {
        if (owned.remove(partition)) {
            reader.remove(partition);
            handler.revoked(partition);
        }
    }

    void loseAll() {
        List.copyOf(owned).forEach(this::lose);
    }
}
