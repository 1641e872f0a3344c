package dev.wisp.node.sandbox;

import dev.wisp.node.linux.KernelLog;
import org.jspecify.annotations.Nullable;

/** What is told of an end for lack of memory, behind the limit. */
final class MemoryReport {

    private MemoryReport() {}

    static String text(long peakBytes, KernelLog.@Nullable Kill kill) {
        String peak = peakBytes > 0 ? ", peak " + mebibytes(peakBytes) : "";
        return kill == null
                ? peak
                : "%s: process '%s' was killed while it held %s"
                        .formatted(peak, kill.name(), mebibytes(kill.residentBytes()));
    }

    private static String mebibytes(long bytes) {
        return ((bytes + (1 << 19)) >> 20) + " MiB";
    }
}
