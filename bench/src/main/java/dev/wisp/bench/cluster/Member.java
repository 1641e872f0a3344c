package dev.wisp.bench.cluster;

import dev.wisp.bench.report.BenchException;
import java.time.Duration;

/** A part of the platform that runs by itself, can be killed and started again. All calls are made under the lock of its {@link Cluster}. */
abstract class Member {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    private final String name;

    Member(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Returns at once or when it is ready; what fails is seen by {@link #isAlive()}. */
    abstract void start();

    abstract boolean isReady();

    abstract boolean isAlive();

    /** As a crash would end it; returns when it is gone. */
    abstract void kill() throws InterruptedException;

    /** Ends it in order. */
    abstract void stop() throws InterruptedException;

    /** What to show when it does not start. */
    abstract String log();

    /** Starts it again if it ended, as the supervisor of a real host would. */
    void awaitReady() throws InterruptedException {
        long end = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!isReady()) {
            if (System.nanoTime() > end) {
                throw new BenchException("%s did not become ready%n%s".formatted(name, log()));
            }
            if (!isAlive()) {
                start();
            }
            Thread.sleep(POLL);
        }
    }
}
