package dev.wisp.node.instance;

import dev.wisp.contracts.revision.Limits;
import java.util.concurrent.CompletableFuture;

/** Memory, sandboxes and processor time that this node has promised; thread-safe. What was promised stays so until the sandbox is taken down. */
final class CapacityLedger {

    private final long memoryBytesMax;
    private final int sandboxesMax;
    private final int cpuMillicoresMax;
    private long memoryBytes;
    private int sandboxes;
    private int cpuMillicores;
    private CompletableFuture<Room> givenBack = new CompletableFuture<>();

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

    void giveBack(Limits each) {
        CompletableFuture<Room> waitedFor;
        Room free;
        synchronized (this) {
            memoryBytes -= each.memoryBytes();
            cpuMillicores -= each.cpuRequestMillicores();
            sandboxes--;
            free = free();
            waitedFor = givenBack;
            givenBack = new CompletableFuture<>();
        }
        waitedFor.complete(free);
    }

    /** Completes with what is free then when the next sandbox is given back, on the thread that does so. */
    synchronized CompletableFuture<Room> nextGivenBack() {
        return givenBack;
    }

    synchronized Room free() {
        return new Room(memoryBytesMax - memoryBytes, sandboxesMax - sandboxes, cpuMillicoresMax - cpuMillicores);
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
