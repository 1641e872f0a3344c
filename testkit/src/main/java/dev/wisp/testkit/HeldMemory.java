package dev.wisp.testkit;

import io.netty.util.internal.PlatformDependent;

/** What this process holds of memory, for tests which say that something is bounded or leaves nothing behind. */
public final class HeldMemory {

    private HeldMemory() {}

    /** Bytes of objects that are left after a full collection, and of Netty's direct memory, which grows by its arenas' chunks of some MiB. */
    public static long bytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        // Below zero when Netty does not count.
        long direct = Math.max(0, PlatformDependent.usedDirectMemory());
        return runtime.totalMemory() - runtime.freeMemory() + direct;
    }
}
