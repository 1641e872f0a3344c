package dev.wisp.node.sandbox;

import dev.wisp.node.linux.Table;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Holds parked sandboxes, and parks more or lets some go in the background, as {@link PoolPolicy} says. Thread-safe. */
final class SandboxPool implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SandboxPool.class);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ParkingLot lot;
    private final PoolPolicy.Bounds bounds;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Parked> plain = new ArrayDeque<>();
    private final Map<ImageRoot, ArrayDeque<Parked>> mounted = new HashMap<>();
    private final ArrayDeque<Table> usedTables = new ArrayDeque<>();
    private final PoolDemand demand = new PoolDemand(System.nanoTime());
    private final Thread thread;
    private int starting;
    private long lastStartNanos = System.nanoTime() - RETRY.toNanos();
    private boolean acting;
    private boolean closed;

    SandboxPool(ParkingLot lot, LinuxSandboxConfig config) {
        this.lot = lot;
        this.bounds = new PoolPolicy.Bounds(config.parkedMin(), config.parkedMax());
        this.thread = Thread.ofPlatform().name("wisp-sandbox-pool").daemon(true).start(this::run);
    }

    /**
     * A parked sandbox, at once when one is there, with this image mounted if possible; otherwise one is parked now, as always for a workload that keeps
     * rights. {@link #started} must follow, also when this throws.
     */
    Parked take(ImageRoot root, Rights kept) {
        lock.lock();
        try {
            starting++;
            if (closed) {
                throw new SandboxFailure("the runtime is stopping");
            }
            if (kept.isNone()) {
                demand.started(root, System.nanoTime());
            }
        } finally {
            lock.unlock();
        }
        // One that was killed meanwhile is waited for, but not by other starts.
        Parked next = locked(() -> poll(root, kept));
        while (next != null && next.table().isLeft()) {
            lot.discard(next);
            next = locked(() -> poll(root, kept));
        }
        return next == null ? lot.park(kept) : next;
    }

    /** A start that brings its own sandbox: the pool keeps off the processors all the same. {@link #started} must follow. */
    void startsOnItsOwn() {
        lock.lock();
        try {
            starting++;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Parked poll(ImageRoot root, Rights kept) {
        if (!kept.isNone() || closed) {
            return null;
        }
        Parked ready = pollMounted(root);
        return ready != null ? ready : plain.pollFirst();
    }

    private @Nullable Parked pollMounted(ImageRoot root) {
        ArrayDeque<Parked> ready = mounted.get(root);
        if (ready == null) {
            return null;
        }
        Parked next = ready.pollFirst();
        if (ready.isEmpty()) {
            mounted.remove(root);
        }
        return next;
    }

    /** The start is over, well or not: the processors are free for refilling. What is left of its table is used again. */
    void started(@Nullable Table used) {
        lock.lock();
        try {
            starting--;
            lastStartNanos = System.nanoTime();
            if (used != null) {
                usedTables.addLast(used);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (PoolPolicy.Step step = next(); step != null; step = next()) {
                act(step);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What to do next, null when there is nothing to do any more. */
    private PoolPolicy.@Nullable Step next() throws InterruptedException {
        lock.lock();
        try {
            acting = false;
            while (!closed) {
                PoolPolicy.Step step = PoolPolicy.next(bounds, observed());
                if (!(step instanceof PoolPolicy.Step.Wait wait)) {
                    acting = true;
                    return step;
                }
                changed.await(wait.atMost().toNanos(), TimeUnit.NANOSECONDS);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private PoolPolicy.Observed observed() {
        long now = System.nanoTime();
        Map<ImageRoot, Integer> counts = new HashMap<>();
        mounted.forEach((root, ready) -> counts.put(root, ready.size()));
        return new PoolPolicy.Observed(
                plain.size(),
                counts,
                starting,
                Duration.ofNanos(now - lastStartNanos),
                demand.byRoot(now),
                demand.ofAll(now));
    }

    private void act(PoolPolicy.Step step) throws InterruptedException {
        recycleTables();
        switch (step) {
            case PoolPolicy.Step.Park _ -> park();
            case PoolPolicy.Step.Mount mount -> mount(mount.root());
            case PoolPolicy.Step.Discard _ -> discard(locked(plain::pollLast));
            case PoolPolicy.Step.DiscardMounted one -> discard(locked(() -> pollMounted(one.root())));
            case PoolPolicy.Step.Wait _ -> {}
        }
    }

    private void park() throws InterruptedException {
        try {
            keep(lot.park());
        } catch (RuntimeException e) {
            LOG.warnf("a sandbox could not be parked, next attempt in %s: %s", RETRY, e.getMessage());
            Thread.sleep(RETRY);
        }
    }

    private void mount(ImageRoot root) {
        Parked parked = locked(plain::pollFirst);
        if (parked == null) {
            return;
        }
        try {
            keep(lot.mount(parked, root));
        } catch (RuntimeException e) {
            LOG.debugf("an image could not be mounted ahead of a start: %s", e.getMessage());
            lock.lock();
            try {
                demand.forget(root);
            } finally {
                lock.unlock();
            }
            lot.discard(parked);
        }
    }

    private void keep(Parked parked) {
        lock.lock();
        try {
            if (!closed) {
                ImageRoot root = parked.mounted();
                (root == null ? plain : mounted.computeIfAbsent(root, _ -> new ArrayDeque<>())).addLast(parked);
                return;
            }
        } finally {
            lock.unlock();
        }
        lot.discard(parked);
    }

    private void discard(@Nullable Parked parked) {
        if (parked != null) {
            lot.discard(parked);
        }
    }

    private void recycleTables() {
        for (Table used = locked(usedTables::pollFirst); used != null; used = locked(usedTables::pollFirst)) {
            lot.recycle(used);
        }
    }

    private <T extends @Nullable Object> T locked(java.util.function.Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** How many wait now, of all kinds. */
    int size() {
        return locked(this::count);
    }

    private int count() {
        return plain.size()
                + mounted.values().stream().mapToInt(ArrayDeque::size).sum();
    }

    /** Whether there is nothing to do until the next start, or until demand has faded further. */
    boolean isAtRest() {
        return locked(() -> !acting
                && PoolPolicy.next(bounds, observed()) instanceof PoolPolicy.Step.Wait wait
                && wait.atMost().compareTo(PoolPolicy.QUIET) > 0);
    }

    /** How many wait now with an image mounted. */
    int mountedSize() {
        return locked(() -> count() - plain.size());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        plain.forEach(lot::discard);
        plain.clear();
        mounted.values().forEach(ready -> ready.forEach(lot::discard));
        mounted.clear();
        recycleTables();
    }
}
