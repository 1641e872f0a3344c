package dev.wisp.bench.peer;

/** Another way to start the same server. */
public interface Peer extends AutoCloseable {

    String name();

    /** Starts it, waits for its first response and ends it; microseconds from the command to the response's first byte. */
    long startMicros();

    /** Processor time of everything that starts and ends it, so far. */
    long cpuMicros();

    @Override
    void close();
}
