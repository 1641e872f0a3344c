package dev.wisp.bench.load;

import dev.wisp.bench.http.HttpAnswer;
import dev.wisp.bench.http.HttpConnection;
import dev.wisp.bench.http.HttpConnection.NoAnswerException;
import dev.wisp.bench.report.BenchException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** Callers that each have one call under way after the other, as many of them at a time as the shape wants. */
final class Callers {

    private static final long PAUSE_NANOS = 5_000_000;

    private final InetSocketAddress gateway;
    private final byte[] request;
    private final int most;

    Callers(InetSocketAddress gateway, String host, int workMillis, int most) {
        this.gateway = gateway;
        this.request = HttpConnection.get(host, "/sleep?ms=" + workMillis);
        this.most = most;
    }

    /** All calls, in no order; returns when the last has ended. */
    List<Call> run(LoadShape shape, Duration time) {
        long start = System.nanoTime();
        List<Call> calls = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Call>>> callers = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                int number = i;
                callers.add(threads.submit(() -> callOn(number, shape, start, time)));
            }
            for (Future<List<Call>> caller : callers) {
                calls.addAll(result(caller));
            }
        }
        return calls;
    }

    private static List<Call> result(Future<List<Call>> caller) {
        try {
            return caller.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        } catch (ExecutionException e) {
            throw new BenchException("a caller failed: " + e.getCause(), e);
        }
    }

    private List<Call> callOn(int number, LoadShape shape, long start, Duration time) {
        List<Call> calls = new ArrayList<>();
        try (HttpConnection connection = new HttpConnection(gateway)) {
            for (long now = 0; now < time.toNanos(); now = System.nanoTime() - start) {
                if (number < shape.callers(now / 1e9, most)) {
                    calls.add(call(connection, start));
                } else {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
        return calls;
    }

    private Call call(HttpConnection connection, long start) {
        long begun = System.nanoTime();
        long startMicros = (begun - start) / 1_000;
        try {
            HttpAnswer answer = connection.exchange(request);
            return new Call(
                    startMicros,
                    (System.nanoTime() - begun) / 1_000,
                    answer.complete() ? ending(answer) : "broken off",
                    answer.header("x-cold-start").equals("true"));
        } catch (NoAnswerException e) {
            return new Call(startMicros, (System.nanoTime() - begun) / 1_000, "no answer", false);
        }
    }

    private static String ending(HttpAnswer answer) {
        boolean problem = answer.header("content-type").startsWith("application/problem");
        return answer.status() + (problem ? " of the platform" : "");
    }
}
