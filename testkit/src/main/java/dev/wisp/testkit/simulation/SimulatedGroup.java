package dev.wisp.testkit.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's group coordinator: members that were silent for six seconds lose their partitions, and are told so when they are heard of again.
 * A partition moves from a member that is there only after that member has let it go.
 */
final class SimulatedGroup {

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration SESSION = Duration.ofSeconds(6);

    private final int partitions;
    private final List<SimulatedMember<?>> members = new ArrayList<>();
    private final List<SimulatedMember<?>> expelled = new ArrayList<>();
    private final Map<Integer, SimulatedMember<?>> owners = new HashMap<>();
    private final Map<Integer, Long> terms = new HashMap<>();

    SimulatedGroup(String name, VirtualTime time, int partitions) {
        this.partitions = partitions;
        time.every(LOOK, time.chance(name), this::look);
    }

    void join(SimulatedMember<?> member) {
        members.add(member);
    }

    private boolean look() {
        members.stream().filter(SimulatedMember::isConnected).forEach(SimulatedMember::heartbeat);
        for (SimulatedMember<?> member : List.copyOf(members)) {
            if (member.silentNanos() > SESSION.toNanos()) {
                members.remove(member);
                expelled.add(member);
                owners.values().removeIf(member::equals);
            }
        }
        for (SimulatedMember<?> member : List.copyOf(expelled)) {
            if (!member.isAlive()) {
                expelled.remove(member);
            } else if (member.isConnected()) {
                expelled.remove(member);
                member.loseAll();
                member.heartbeat();
                members.add(member);
            }
        }
        for (int partition = 0; partition < partitions && !members.isEmpty(); partition++) {
            assign(partition, members.get(partition % members.size()));
        }
        return true;
    }

    private void assign(int partition, SimulatedMember<?> member) {
        SimulatedMember<?> owner = owners.get(partition);
        if (owner == member || !member.isConnected()) {
            return;
        }
        if (owner != null) {
            letGo(partition, owner);
            return;
        }
        long term = Math.max(terms.getOrDefault(partition, 0L), member.termSeen()) + 1;
        terms.put(partition, term);
        owners.put(partition, member);
        member.take(partition, partitions, term);
    }

    /** The next look gives it to its new owner. */
    private void letGo(int partition, @Nullable SimulatedMember<?> owner) {
        if (owner != null && owner.isConnected()) {
            owner.lose(partition);
            owners.remove(partition);
        }
    }
}
