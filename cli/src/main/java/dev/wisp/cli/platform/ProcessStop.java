package dev.wisp.cli.platform;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends a process: asks with SIGTERM, kills when the grace is over. */
final class ProcessStop {

    private static final Duration KILL_WAIT = Duration.ofSeconds(5);

    private ProcessStop() {}

    /** True when it ended by itself within the grace. */
    static boolean end(ProcessHandle process, Duration grace) {
        process.destroy();
        if (ended(process, grace)) {
            return true;
        }
        process.destroyForcibly();
        ended(process, KILL_WAIT);
        return false;
    }

    private static boolean ended(ProcessHandle process, Duration wait) {
        try {
            process.onExit().get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
