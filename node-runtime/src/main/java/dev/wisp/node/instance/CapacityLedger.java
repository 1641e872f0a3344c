package dev.wisp.node.instance;

import dev.wisp.contracts.revision.Limits;

/** Memory, sandboxes and processor time that this node has promised; thread-safe. What was promised stays so until the sandbox is taken down. */
final class CapacityLedger {

    private final long memoryBytesMax;
    private final int sandboxesMax;
    private final int cpuMillicoresMax;
    private long memoryBytes;
    private int sandboxes;
    private int cpuMillicores;

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
        int request = each.cpuRequestMillicores();
        if (sandboxes >= sandboxesMax
                || each.memoryBytes() > memoryBytesMax - memoryBytes
                || (request > 0 && request > cpuMillicoresMax - cpuMillicores)) {
            return false;
        }
        memoryBytes += each.memoryBytes();
        cpuMillicores += request;
        sandboxes++;
        return true;
    }

    synchronized void giveBack(Limits each) {
        memoryBytes -= each.memoryBytes();
        cpuMillicores -= each.cpuRequestMillicores();
        sandboxes--;
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
