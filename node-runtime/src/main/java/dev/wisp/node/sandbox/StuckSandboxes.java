package dev.wisp.node.sandbox;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** Remembers sandboxes that could not be given back, and tries again. Thread-safe. */
final class StuckSandboxes implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(StuckSandboxes.class);
    private static final long RETRY_SECONDS = 2;

    /** @param attempt whether nothing is left of it */
    private record Entry(StuckSandbox sandbox, BooleanSupplier attempt) {}

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final ScheduledExecutorService retries = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("wisp-sandbox-stuck").daemon(true).factory());

    StuckSandboxes() {
        retries.scheduleWithFixedDelay(this::runOnce, RETRY_SECONDS, RETRY_SECONDS, TimeUnit.SECONDS);
    }

    /** Told once, and then tried until it succeeds; the attempt is made from one thread and must not wait. */
    void add(StuckSandbox sandbox, BooleanSupplier attempt) {
        if (entries.putIfAbsent(sandbox.id(), new Entry(sandbox, attempt)) == null) {
            LOG.errorf("sandbox was killed and is not gone instanceId=%s: %s", sandbox.id(), sandbox.why());
        }
    }

    private void runOnce() {
        for (Entry entry : List.copyOf(entries.values())) {
            if (succeeds(entry)) {
                entries.remove(entry.sandbox().id());
                LOG.infof("stuck sandbox is gone instanceId=%s", entry.sandbox().id());
            }
        }
    }

    private static boolean succeeds(Entry entry) {
        try {
            return entry.attempt().getAsBoolean();
        } catch (RuntimeException e) {
            LOG.debugf(e, "stuck sandbox instanceId=%s", entry.sandbox().id());
            return false;
        }
    }

    List<StuckSandbox> all() {
        return entries.values().stream().map(Entry::sandbox).toList();
    }

    @Override
    public void close() {
        retries.shutdownNow();
        try {
            retries.awaitTermination(RETRY_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
