package dev.wisp.node.sandbox;

import dev.wisp.node.linux.Descriptors;
import org.jspecify.annotations.Nullable;

/**
 * Which signals a process has handlers for, and which it has blocked to fetch them by itself.
 *
 * @param caught bit n-1 for signal n
 * @param blocked bit n-1 for signal n
 */
record SignalMask(long caught, long blocked) {

    static SignalMask read(Descriptors files, int pid) {
        return parse(files.readText("/proc/" + pid + "/status"));
    }

    static SignalMask parse(@Nullable String status) {
        return new SignalMask(mask(status, "SigCgt:"), mask(status, "SigBlk:"));
    }

    private static long mask(@Nullable String status, String name) {
        if (status == null) {
            return 0;
        }
        return status.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line ->
                        Long.parseUnsignedLong(line.substring(name.length()).strip(), 16))
                .findFirst()
                .orElse(0);
    }

    /** Whether a signal from outside reaches the first process of a namespace. */
    boolean receives(int signal) {
        return ((caught | blocked) >>> (signal - 1) & 1) != 0;
    }
}
