package dev.wisp.node.sandbox;

/** Receives a sandbox's output; called by one thread at a time and must return at once. */
@FunctionalInterface
public interface OutputSink {

    /** Which descriptor a piece of output came from; what the node itself has to say about a sandbox comes from none. */
    enum Stream {
        STDOUT,
        STDERR,
        WISP
    }

    /**
     * One line without its end, or a piece of at most 8 KiB of a longer one; bytes are the workload's, in no certain encoding.
     *
     * @param atMicros wall clock, microseconds since 1970 UTC
     */
    void line(Stream stream, long atMicros, byte[] bytes);
}
