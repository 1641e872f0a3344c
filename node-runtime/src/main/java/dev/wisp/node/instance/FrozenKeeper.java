package dev.wisp.node.instance;

import dev.wisp.contracts.node.NodeStatus.Evictable;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.node.instance.FrozenPolicy.Candidate;
import dev.wisp.node.instance.FrozenPolicy.Resident;
import dev.wisp.node.instance.FrozenPolicy.Stop;
import dev.wisp.node.instance.InstanceInput.DrainAsked;
import dev.wisp.node.instance.RevisionInstances.Frozen;
import dev.wisp.node.sandbox.Sandbox;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Ends frozen instances for whoever needs what they hold. One that a request comes to meanwhile is not idle any more and lives. What is on its way out already
 * counts as there, but for what starts wait for: as many end as are needed, however long their ends take. Thread-safe.
 */
final class FrozenKeeper {

    private final CapacityLedger capacity;
    private final int headroomPercent;
    private final Supplier<HostMemory> host;
    private final LongSupplier nanoTime;
    /** Of starts that had room made and have not claimed it yet, all together, below zero. */
    private Room awaited = new Room(0, 0, 0);

    FrozenKeeper(CapacityLedger capacity, int headroomPercent, Supplier<HostMemory> host, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.headroomPercent = headroomPercent;
        this.host = host;
        this.nanoTime = nanoTime;
    }

    /**
     * Has what a start lacks given up; false when there is nothing that would be enough. What is made is that start's until it {@link #waitsNoMore}.
     */
    synchronized boolean makeRoom(Limits asked, Collection<RevisionInstances> revisions) {
        while (!free().holds(asked)) {
            Map<Candidate, Instance> frozen = frozen(revisions);
            List<Stop> stops = FrozenPolicy.forStart(free(), asked, List.copyOf(frozen.keySet()));
            if (stops.isEmpty()) {
                return false;
            }
            // One that lives on is not frozen any more, and the next round does without it.
            end(stops, frozen);
        }
        awaited = awaited.without(asked);
        return true;
    }

    /** A start that had room made claims it now, or goes without. */
    synchronized void waitsNoMore(Limits asked) {
        awaited = awaited.and(asked);
    }

    /** Looks once whether node and machine have their head-room. */
    void runOnce(Collection<RevisionInstances> revisions) {
        leaveNode(revisions);
        leaveMachine(revisions);
    }

    private synchronized void leaveNode(Collection<RevisionInstances> revisions) {
        Room free = free();
        if (FrozenPolicy.lacksHeadroom(free, capacity.all(), headroomPercent)) {
            Map<Candidate, Instance> frozen = frozen(revisions);
            end(FrozenPolicy.forHeadroom(free, capacity.all(), headroomPercent, List.copyOf(frozen.keySet())), frozen);
        }
    }

    /** Reads a file for each, so that nobody is made to wait: a start that counts on the end of the same one looks again. */
    private void leaveMachine(Collection<RevisionInstances> revisions) {
        HostMemory now = host.get();
        if (!FrozenPolicy.lacksMemory(now, headroomPercent)) {
            return;
        }
        List<Instance> leaving = capacity.leaving();
        HostMemory soon = leaving.isEmpty()
                ? now
                : now.with(
                        leaving.stream().mapToLong(FrozenKeeper::residentBytes).sum());
        if (FrozenPolicy.lacksMemory(soon, headroomPercent)) {
            Map<Candidate, Instance> frozen = frozen(revisions);
            List<Resident> residents = frozen.entrySet().stream()
                    .map(one -> new Resident(one.getKey(), residentBytes(one.getValue())))
                    .toList();
            end(FrozenPolicy.forMachine(soon, headroomPercent, residents), frozen);
        }
    }

    /** What would be given up for a start, all together. */
    Evictable evictable(Collection<RevisionInstances> revisions) {
        long memoryBytes = 0;
        int sandboxes = 0;
        int cpuMillicores = 0;
        for (RevisionInstances revision : revisions) {
            int number = revision.frozenBeyondPlan().size();
            memoryBytes += number * revision.spec().limits().memoryBytes();
            cpuMillicores += number * revision.spec().limits().cpuRequestMillicores();
            sandboxes += number;
        }
        return new Evictable(memoryBytes, sandboxes, cpuMillicores);
    }

    private Room free() {
        return capacity.freeSoon().with(awaited);
    }

    private Map<Candidate, Instance> frozen(Collection<RevisionInstances> revisions) {
        Map<Candidate, Instance> frozen = new HashMap<>();
        for (RevisionInstances revision : revisions) {
            for (Frozen one : revision.frozenBeyondPlan()) {
                frozen.put(candidate(one, revision.patience()), one.instance());
            }
        }
        return frozen;
    }

    private Candidate candidate(Frozen one, Patience patience) {
        Instance instance = one.instance();
        long idleNanos = nanoTime.getAsLong() - one.idleSinceNanos();
        return new Candidate(
                instance.id(),
                instance.revision().limits(),
                Duration.ofNanos(idleNanos),
                Duration.ofNanos(instance.startNanos()),
                idleNanos > patience.keepAliveNanos(one.used()));
    }

    private static long residentBytes(Instance instance) {
        Sandbox sandbox = instance.sandboxOrNull();
        return sandbox == null ? 0 : sandbox.memoryBytes();
    }

    private static void end(List<Stop> stops, Map<Candidate, Instance> frozen) {
        for (Stop stop : stops) {
            Instance instance = Objects.requireNonNull(frozen.get(stop.candidate()));
            instance.handle(new DrainAsked(new Ending(Ending.Cause.EVICTED, stop.reason()), true));
        }
    }
}
