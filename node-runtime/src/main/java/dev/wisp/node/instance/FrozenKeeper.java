package dev.wisp.node.instance;

import dev.wisp.contracts.node.NodeStatus.Evictable;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.node.instance.FrozenPolicy.Candidate;
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
 * Ends frozen instances for whoever needs what they hold. One that a request comes to meanwhile is not idle any more and lives. Thread-safe: two starts
 * never count on the same instance's end.
 */
final class FrozenKeeper {

    private final CapacityLedger capacity;
    private final int headroomPercent;
    private final Supplier<HostMemory> host;
    private final LongSupplier nanoTime;

    FrozenKeeper(CapacityLedger capacity, int headroomPercent, Supplier<HostMemory> host, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.headroomPercent = headroomPercent;
        this.host = host;
        this.nanoTime = nanoTime;
    }

    /** Has what a start lacks given up; false when there is nothing that would be enough. True at once when it was given back meanwhile. */
    synchronized boolean makeRoom(Limits asked, Collection<RevisionInstances> revisions) {
        Map<Candidate, Instance> frozen = frozen(revisions);
        Room free = capacity.free();
        return free.holds(asked) || end(FrozenPolicy.forStart(free, asked, List.copyOf(frozen.keySet())), frozen);
    }

    /** Looks once whether node and machine have their head-room. */
    synchronized void runOnce(Collection<RevisionInstances> revisions) {
        Map<Candidate, Instance> frozen = frozen(revisions);
        if (!frozen.isEmpty()) {
            List<Candidate> candidates = List.copyOf(frozen.keySet());
            end(
                    FrozenPolicy.forHeadroom(capacity.free(), capacity.all(), host.get(), headroomPercent, candidates),
                    frozen);
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
        Sandbox sandbox = instance.sandboxOrNull();
        long idleNanos = nanoTime.getAsLong() - one.idleSinceNanos();
        return new Candidate(
                instance.id(),
                instance.revision().limits(),
                sandbox == null ? 0 : sandbox.usage().memoryBytes(),
                Duration.ofNanos(idleNanos),
                Duration.ofNanos(instance.startNanos()),
                idleNanos > patience.keepAliveNanos(one.used()));
    }

    private static boolean end(List<Stop> stops, Map<Candidate, Instance> frozen) {
        Map<String, Instance> byId = new HashMap<>();
        frozen.values().forEach(instance -> byId.put(instance.id(), instance));
        boolean ended = false;
        for (Stop stop : stops) {
            Instance instance = Objects.requireNonNull(byId.get(stop.id()), stop.id());
            ended |= instance.handle(new DrainAsked(new Ending(Ending.Cause.EVICTED, stop.reason()), true));
        }
        return ended;
    }
}
