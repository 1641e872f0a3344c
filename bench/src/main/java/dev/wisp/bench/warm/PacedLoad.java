package dev.wisp.bench.warm;

import dev.wisp.bench.http.HttpAnswer;
import dev.wisp.bench.http.HttpConnection;
import dev.wisp.bench.http.HttpConnection.NoAnswerException;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.statistic.Samples;
import java.net.InetSocketAddress;
import java.util.concurrent.locks.LockSupport;

/**
 * One call after the other at a given rate over one kept connection, from the thread that asks for it: what a call takes while the machine has time. A
 * call that lasts longer than the gap to the next makes that one late, and then the rate is less.
 */
final class PacedLoad {

    private static final int OK = 200;

    private final int perSecond;

    PacedLoad(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Adds how long each call took from the first byte sent to the last one read. */
    void run(InetSocketAddress address, String host, int seconds, Samples samples) {
        long gap = 1_000_000_000L / perSecond;
        byte[] request = HttpConnection.get(host, "/");
        long start = System.nanoTime();
        try (HttpConnection connection = new HttpConnection(address)) {
            for (long call = 0; call < (long) perSecond * seconds; call++) {
                long due = start + call * gap;
                for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                    LockSupport.parkNanos(early);
                }
                HttpAnswer answer = connection.exchange(request);
                if (answer.status() != OK) {
                    throw new BenchException("a call to %s was answered with %d".formatted(host, answer.status()));
                }
                samples.add(answer.totalMicros());
            }
        } catch (NoAnswerException e) {
            throw new BenchException("a call to %s was not answered: %s".formatted(host, e.getMessage()), e);
        }
    }
}
