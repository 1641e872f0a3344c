package dev.wisp.node.trace;

import org.jspecify.annotations.Nullable;

/**
 * The call whose figures are being recorded on this thread: by it a histogram names an example. Empty whenever nothing is traced, and then
 * it costs nothing to record.
 */
public final class CurrentTrace {

    private static final ThreadLocal<InvocationTrace> CURRENT = new ThreadLocal<>();

    private CurrentTrace() {}

    /** Null when there is none that is sent. */
    public static @Nullable InvocationTrace get() {
        return CURRENT.get();
    }

    /** Runs what records the call's figures; a trace that is not sent is nobody's example. */
    public static void with(@Nullable InvocationTrace trace, Runnable recording) {
        if (trace == null || !trace.isSampled()) {
            recording.run();
            return;
        }
        CURRENT.set(trace);
        try {
            recording.run();
        } finally {
            CURRENT.remove();
        }
    }
}
