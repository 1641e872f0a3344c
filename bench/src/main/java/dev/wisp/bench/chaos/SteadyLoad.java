package dev.wisp.bench.chaos;

import dev.wisp.bench.http.HttpAnswer;
import dev.wisp.bench.http.HttpConnection;
import dev.wisp.bench.http.HttpConnection.NoAnswerException;
import dev.wisp.bench.statistic.Samples;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls at a given rate, however long the answers take: latency counts from the moment a call was due. For some seconds the calls go to a
 * few of the services, then to others, so that each goes to zero and comes back. Thread-safe.
 */
final class SteadyLoad {

    /** Services called in the same seconds. */
    private static final int AWAKE = 4;

    private static final Duration TURN = Duration.ofSeconds(3);
    private static final int EXAMPLES_MAX = 10;

    private final InetSocketAddress gateway;
    private final List<String> hosts;
    private final int perSecond;
    private final Random random;
    private final ConcurrentLinkedQueue<HttpConnection> idle = new ConcurrentLinkedQueue<>();
    private final Samples warm = new Samples();
    private final Samples cold = new Samples();
    private final Map<String, Integer> endings = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();

    SteadyLoad(InetSocketAddress gateway, List<String> hosts, int perSecond, long seed) {
        this.gateway = gateway;
        this.hosts = List.copyOf(hosts);
        this.perSecond = perSecond;
        this.random = new Random(seed);
    }

    /** Returns when all calls have ended. */
    void run(Duration time) {
        long gap = 1_000_000_000L / perSecond;
        long start = System.nanoTime();
        long calls = time.toNanos() / gap;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long call = 0; call < calls; call++) {
                long due = start + call * gap;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                String host = host(call * gap);
                callers.execute(() -> call(host, due));
            }
        }
        idle.forEach(HttpConnection::close);
    }

    synchronized Samples warm() {
        return warm;
    }

    synchronized Samples cold() {
        return cold;
    }

    /** How many calls ended how: by status, or {@code no answer}. */
    synchronized Map<String, Integer> endings() {
        return new TreeMap<>(endings);
    }

    /** The first calls that did not end with 200, with what came instead. */
    synchronized List<String> examples() {
        return List.copyOf(examples);
    }

    private String host(long nanos) {
        long turn = nanos / TURN.toNanos();
        int first = (int) (turn * AWAKE % hosts.size());
        return hosts.get((first + random.nextInt(AWAKE)) % hosts.size());
    }

    private void call(String host, long due) {
        HttpConnection kept = idle.poll();
        HttpConnection connection = kept == null ? new HttpConnection(gateway) : kept;
        try {
            HttpAnswer answer = connection.exchange(HttpConnection.get(host, "/sleep?ms=5"));
            long micros = (System.nanoTime() - due) / 1_000;
            String ending = answer.complete() ? Integer.toString(answer.status()) : "broken off";
            add(ending, micros, answer.header("x-cold-start").equals("true"), host + " " + answer.headers());
        } catch (NoAnswerException e) {
            add("no answer", 0, false, host + " " + e.getMessage());
        }
        idle.add(connection);
    }

    private synchronized void add(String ending, long micros, boolean wasCold, String example) {
        endings.merge(ending, 1, Integer::sum);
        if (ending.equals("200")) {
            (wasCold ? cold : warm).add(micros);
        } else if (examples.size() < EXAMPLES_MAX) {
            examples.add(ending + " " + example);
        }
    }
}
