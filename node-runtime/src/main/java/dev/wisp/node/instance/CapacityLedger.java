package dev.wisp.node.instance;

import dev.wisp.contracts.revision.Limits;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Memory, sandboxes and processor time that this node has promised; thread-safe. What was promised stays so until the sandbox is taken down. */
final class CapacityLedger {

    private final long memoryBytesMax;
    private final int sandboxesMax;
    private final int cpuMillicoresMax;
    private long memoryBytes;
    private int sandboxes;
    private int cpuMillicores;
    private final Set<Instance> leaving = new HashSet<>();
    private CompletableFuture<Void> givenBack = new CompletableFuture<>();

    /** @param cpuMillicoresMax what instances may request together */
    CapacityLedger(long memoryBytesMax, int sandboxesMax, int cpuMillicoresMax) {
        this.memoryBytesMax = memoryBytesMax;
        this.sandboxesMax = sandboxesMax;
        this.cpuMillicoresMax = cpuMillicoresMax;
    }

    /** What is promised now. */
    record Promised(long memoryBytes, int sandboxes, int cpuMillicores) {}

    /** Promises one sandbox with its memory and what it requests of the processors; false when it does not fit. Who requests nothing always may. */
    synchronized boolean promise(Limits each) {
        if (!free().holds(each)) {
            return false;
        }
        memoryBytes += each.memoryBytes();
        cpuMillicores += each.cpuRequestMillicores();
        sandboxes++;
        return true;
    }

    /** What it holds will be given back soon; it is promised until then. */
    synchronized void leaves(Instance instance) {
        leaving.add(instance);
    }

    /** Nobody knows any more when what it holds is given back. */
    synchronized void isStuck(Instance instance) {
        leaving.remove(instance);
    }

    void giveBack(Instance instance) {
        Limits each = instance.revision().limits();
        CompletableFuture<Void> waitedFor;
        synchronized (this) {
            memoryBytes -= each.memoryBytes();
            cpuMillicores -= each.cpuRequestMillicores();
            sandboxes--;
            leaving.remove(instance);
            waitedFor = givenBack;
            givenBack = new CompletableFuture<>();
        }
        waitedFor.complete(null);
    }

    /** Completes when the next sandbox is given back, on the thread that does so. */
    synchronized CompletableFuture<Void> nextGivenBack() {
        return givenBack;
    }

    synchronized Room free() {
        return new Room(memoryBytesMax - memoryBytes, sandboxesMax - sandboxes, cpuMillicoresMax - cpuMillicores);
    }

    /** What is free once all that leave have left. */
    synchronized Room freeSoon() {
        Room room = free();
        for (Instance instance : leaving) {
            room = room.and(instance.revision().limits());
        }
        return room;
    }

    /** Those that are being stopped and hold what they held. */
    synchronized List<Instance> leaving() {
        return List.copyOf(leaving);
    }

    /** All there is to promise. */
    Room all() {
        return new Room(memoryBytesMax, sandboxesMax, cpuMillicoresMax);
    }

    synchronized Promised promised() {
        return new Promised(memoryBytes, sandboxes, cpuMillicores);
    }

    long memoryBytesMax() {
        return memoryBytesMax;
    }

    int sandboxesMax() {
        return sandboxesMax;
    }

    int cpuMillicoresMax() {
        return cpuMillicoresMax;
    }

    synchronized String describe(Limits asked) {
        return "%d MiB and %d millicores asked, %d of %d MiB, %d of %d millicores and %d of %d sandboxes are taken"
                .formatted(
                        asked.memoryBytes() >> 20,
                        asked.cpuRequestMillicores(),
                        memoryBytes >> 20,
                        memoryBytesMax >> 20,
                        cpuMillicores,
                        cpuMillicoresMax,
                        sandboxes,
                        sandboxesMax);
    }
}
