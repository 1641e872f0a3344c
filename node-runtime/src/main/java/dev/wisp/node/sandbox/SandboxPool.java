package dev.wisp.node.sandbox;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/** Holds parked sandboxes and parks more in the background, as {@link PoolPolicy} says. Thread-safe. */
final class SandboxPool implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SandboxPool.class);

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_MILLIS = 1_000;

    private final ParkingLot lot;
    private final LinuxSandboxConfig config;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Parked> parked = new ArrayDeque<>();
    private final ArrayDeque<Long> startsLately = new ArrayDeque<>();
    private final Thread thread;
    private int starting;
    private boolean closed;

    SandboxPool(ParkingLot lot, LinuxSandboxConfig config) {
        this.lot = lot;
        this.config = config;
        this.thread = Thread.ofPlatform().name("wisp-sandbox-pool").daemon(true).start(this::run);
    }

    /** A parked sandbox, at once when one is there; otherwise one is parked now. {@link #started()} must follow, also when this throws. */
    Parked take() {
        lock.lock();
        try {
            starting++;
            if (closed) {
                throw new SandboxFailure("the runtime is stopping");
            }
            startsLately.addLast(System.nanoTime());
            if (startsLately.size() > config.parkedMax()) {
                startsLately.removeFirst();
            }
            while (!parked.isEmpty()) {
                Parked next = parked.removeFirst();
                if (!next.table().isLeft()) {
                    return next;
                }
                lot.discard(next);
            }
        } finally {
            lock.unlock();
        }
        return lot.park();
    }

    /** The start is over, well or not: the processors are free for refilling. */
    void started() {
        lock.lock();
        try {
            starting--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitNeed()) {
                refill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitNeed() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && !PoolPolicy.refills(config.parkedMin(), config.parkedMax(), observed())) {
                changed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private PoolPolicy.Observed observed() {
        long horizon = System.nanoTime() - SECOND_NANOS;
        while (!startsLately.isEmpty() && startsLately.getFirst() - horizon < 0) {
            startsLately.removeFirst();
        }
        return new PoolPolicy.Observed(parked.size(), starting, startsLately.size());
    }

    private void refill() throws InterruptedException {
        Parked next;
        try {
            next = lot.park();
        } catch (RuntimeException e) {
            LOG.warnf("a sandbox could not be parked, next attempt in %d ms: %s", RETRY_MILLIS, e.getMessage());
            Thread.sleep(RETRY_MILLIS);
            return;
        }
        lock.lock();
        try {
            if (!closed) {
                parked.addLast(next);
                return;
            }
        } finally {
            lock.unlock();
        }
        lot.discard(next);
    }

    /** How many wait now. */
    int size() {
        lock.lock();
        try {
            return parked.size();
        } finally {
            lock.unlock();
        }
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
        parked.forEach(lot::discard);
        parked.clear();
    }
}
