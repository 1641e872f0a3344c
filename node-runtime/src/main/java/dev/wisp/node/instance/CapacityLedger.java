package dev.wisp.node.instance;

/** Memory and sandboxes that this node has promised; thread-safe. What was promised stays so until the sandbox is taken down. */
final class CapacityLedger {

    private final long memoryBytesMax;
    private final int sandboxesMax;
    private long memoryBytes;
    private int sandboxes;

    CapacityLedger(long memoryBytesMax, int sandboxesMax) {
        this.memoryBytesMax = memoryBytesMax;
        this.sandboxesMax = sandboxesMax;
    }

    /** What is promised now. */
    record Promised(long memoryBytes, int sandboxes) {}

    /** Promises one sandbox with so much memory; false when it does not fit. */
    synchronized boolean promise(long bytes) {
        if (sandboxes >= sandboxesMax || bytes > memoryBytesMax - memoryBytes) {
            return false;
        }
        memoryBytes += bytes;
        sandboxes++;
        return true;
    }

    synchronized void giveBack(long bytes) {
        memoryBytes -= bytes;
        sandboxes--;
    }

    synchronized Promised promised() {
        return new Promised(memoryBytes, sandboxes);
    }

    long memoryBytesMax() {
        return memoryBytesMax;
    }

    int sandboxesMax() {
        return sandboxesMax;
    }

    synchronized String describe(long askedBytes) {
        return "%d MiB asked, %d of %d MiB and %d of %d sandboxes are taken"
                .formatted(askedBytes >> 20, memoryBytes >> 20, memoryBytesMax >> 20, sandboxes, sandboxesMax);
    }
}
