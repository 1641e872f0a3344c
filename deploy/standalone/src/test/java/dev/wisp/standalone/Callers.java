package dev.wisp.standalone;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** So many callers of one service, each of whom calls again once answered; the number can be changed at any time. Thread-safe. */
final class Callers implements AutoCloseable {

    private final Client client;
    private final String service;
    private final String path;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger wanted = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final Map<String, Integer> endings = new ConcurrentHashMap<>();

    /** @param path what is called; should take a while */
    Callers(Client client, String service, String path) {
        this.client = client;
        this.service = service;
        this.path = path;
    }

    /** From now on so many; who is too many stops after the answer it waits for. */
    synchronized void number(int callers) {
        wanted.set(callers);
        while (running.get() < callers) {
            running.incrementAndGet();
            threads.execute(this::callOn);
        }
    }

    /** How calls ended, with how many: {@code 200}, or the status with what was said. */
    Map<String, Integer> endings() {
        return new TreeMap<>(endings);
    }

    /** Returns when the last call was answered. */
    @Override
    public void close() {
        number(0);
        threads.close();
    }

    private void callOn() {
        while (!leave()) {
            endings.merge(call(), 1, Integer::sum);
        }
    }

    private boolean leave() {
        int now = running.get();
        while (now > wanted.get()) {
            if (running.compareAndSet(now, now - 1)) {
                return true;
            }
            now = running.get();
        }
        return false;
    }

    private String call() {
        try {
            HttpResponse<String> answer = client.invoke(service, path);
            return answer.statusCode() == 200 ? "200" : answer.statusCode() + " " + answer.body();
        } catch (RuntimeException e) {
            return "no answer: " + e.getMessage();
        }
    }
}
