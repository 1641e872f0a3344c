package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.BenchException;
import dev.wisp.node.sandbox.Sandbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many sandboxes of one runtime, alive at once, and frozen while nobody calls them, as a node's idle instances are. */
final class Crowd {

    private static final int THREADS = 2;

    private final SandboxHost host;
    private final List<Sandbox> sandboxes = new ArrayList<>();

    Crowd(SandboxHost host) {
        this.host = host;
    }

    void fill(int count) {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Sandbox>> starts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                starts.add(threads.submit(this::startFrozen));
            }
            for (Future<Sandbox> start : starts) {
                sandboxes.add(start.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        } catch (ExecutionException e) {
            throw new BenchException("start number %d failed: %s".formatted(sandboxes.size() + 1, e.getCause()), e);
        }
    }

    private Sandbox startFrozen() {
        Sandbox sandbox = host.start().sandbox();
        SandboxHost.freeze(sandbox);
        return sandbox;
    }

    /** What their control groups are charged together. */
    long chargedBytes() {
        return sandboxes.stream()
                .mapToLong(sandbox -> sandbox.usage().memoryBytes())
                .sum();
    }

    /** How long each takes to answer on a new connection, thawing included. */
    List<Long> askMicros() {
        return sandboxes.stream().map(this::askMicros).toList();
    }

    private long askMicros(Sandbox sandbox) {
        long begin = System.nanoTime();
        sandbox.thaw();
        host.askMicros(sandbox);
        long micros = (System.nanoTime() - begin) / 1_000;
        SandboxHost.freeze(sandbox);
        return micros;
    }

    void stop() {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            sandboxes.forEach(sandbox -> threads.execute(() -> sandbox.stop(Duration.ZERO)));
        }
    }
}
