package dev.wisp.contracts.dataplane;

import org.jspecify.annotations.Nullable;

/**
 * The trace of one call, as an example of a figure that is recorded of it names it.
 *
 * @param traceId 32 hexadecimal digits, W3C Trace Context
 * @param spanId 16 of them: the span of the whole call
 */
public record CallTrace(String traceId, String spanId) {

    private static final ThreadLocal<CallTrace> CURRENT = new ThreadLocal<>();

    /** Whose figures are being recorded on this thread, null when it is nobody's who is traced. */
    public static @Nullable CallTrace current() {
        return CURRENT.get();
    }

    /** Runs what records the call's figures, and nothing else's. */
    public void during(Runnable recording) {
        CURRENT.set(this);
        try {
            recording.run();
        } finally {
            CURRENT.remove();
        }
    }
}
