package dev.wisp.gateway.admission;

import java.util.concurrent.Executor;

/** An event loop: what runs on it owns what belongs to it. Execution is at once when the caller is already on the loop. */
public interface Loop extends Executor {

    /** Runs once, after at least this many milliseconds (at least 1). */
    void after(long millis, Runnable task);
}
