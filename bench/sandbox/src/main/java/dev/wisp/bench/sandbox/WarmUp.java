package dev.wisp.bench.sandbox;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * Repeats something until the JVM has compiled what it is made of. A runtime lives for days, and compiles for its first half minute on all processors: on a small
 * host that would be a third of what is measured.
 */
final class WarmUp {

    private static final int ROUND = 200;

    /** Compiling comes in waves: what is quick now is compiled once more when it has been called often enough. */
    private static final int QUIET_ROUNDS = 4;

    /** Compiling may take this share of a round's time when it counts as done. */
    private static final int SHARE_OF_ROUND = 50;

    private final int most;

    /** @param most times at most */
    WarmUp(int most) {
        this.most = most;
    }

    /** How often it was done. */
    int run(Runnable one) {
        int done = 0;
        int quiet = 0;
        while (done < most && quiet < QUIET_ROUNDS) {
            long begin = System.nanoTime();
            long compiledBefore = compiledMillis();
            int round = Math.min(ROUND, most - done);
            for (int i = 0; i < round; i++) {
                one.run();
            }
            done += round;
            long tookMillis = (System.nanoTime() - begin) / 1_000_000;
            quiet = (compiledMillis() - compiledBefore) * SHARE_OF_ROUND > tookMillis ? 0 : quiet + 1;
        }
        return done;
    }

    private static long compiledMillis() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        return compiler == null || !compiler.isCompilationTimeMonitoringSupported()
                ? 0
                : compiler.getTotalCompilationTime();
    }
}
