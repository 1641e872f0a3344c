package dev.wisp.node.sandbox;

import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.NetworkSpec.Mode;
import dev.wisp.node.linux.ErrnoException;
import dev.wisp.node.network.EgressNetwork;
import dev.wisp.node.network.EgressPlan;
import dev.wisp.node.network.EgressUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Gives sandboxes that ask for it their way out. From the first such start on it holds a few ready, as {@link ReadyPolicy} says: parked and connected, fit for
 * every image and account, because what opens the way comes last. Starts without egress never come here. Thread-safe.
 */
final class WaysOut implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(WaysOut.class);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ParkingLot lot;
    private final EgressNetwork network;
    private final int readyMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Parked> ready = new ArrayDeque<>();
    private final PoolDemand demand = new PoolDemand(System.nanoTime());
    private long lastStartNanos;
    private @Nullable Thread thread;
    private boolean closed;

    WaysOut(ParkingLot lot, EgressNetwork network, int readyMax) {
        this.lot = lot;
        this.network = network;
        this.readyMax = readyMax;
    }

    /**
     * Where a sandbox may connect to, null when it is to have no network.
     *
     * @throws ProblemException when this node cannot or may not let it
     */
    @Nullable
    EgressPlan plan(SandboxSpec spec) {
        if (spec.network().mode() == Mode.NONE) {
            return null;
        }
        try {
            network.open();
            return network.plan(spec.account(), spec.network());
        } catch (EgressUnavailableException e) {
            throw new ProblemException(StartProblems.withoutEgress(spec, e), e);
        }
    }

    /** A parked sandbox, if possible one that is connected. The pool's {@link SandboxPool#started} must follow, also when this throws. */
    Parked take(ImageRoot root, Rights kept, SandboxPool pool) {
        Parked connected = poll(root, kept);
        if (connected == null) {
            return pool.take(root, kept);
        }
        pool.startsOnItsOwn();
        return connected;
    }

    private @Nullable Parked poll(ImageRoot root, Rights kept) {
        expect(root);
        Parked next = kept.isNone() ? first() : null;
        while (next != null && next.table().isLeft()) {
            lot.discard(next);
            next = first();
        }
        return next;
    }

    private void expect(ImageRoot root) {
        lock.lock();
        try {
            demand.started(root, System.nanoTime());
            lastStartNanos = System.nanoTime();
            if (thread == null && !closed && readyMax > 0) {
                thread = Thread.ofPlatform().name("wisp-ways-out").daemon(true).start(this::run);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** None once this is closed, which throws them all away. */
    private @Nullable Parked first() {
        lock.lock();
        try {
            return closed ? null : ready.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The sandbox with its way out open. When that fails it is thrown away.
     *
     * @throws ProblemException saying why
     */
    Parked open(SandboxSpec spec, EgressPlan plan, Parked parked) {
        Parked connected = parked;
        try {
            connected = parked.leg() == null ? connect(parked) : parked;
            Objects.requireNonNull(connected.leg(), "leg")
                    .open(plan, parked.child().pidfd());
            return connected;
        } catch (EgressUnavailableException e) {
            lot.discard(connected);
            throw new ProblemException(StartProblems.withoutEgress(spec, e), e);
        } catch (ErrnoException e) {
            lot.discard(connected);
            throw new SandboxFailure(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            lot.discard(connected);
            throw e;
        }
    }

    private Parked connect(Parked parked) {
        return parked.connected(
                network.connect(parked.child().pid(), parked.child().pidfd()));
    }

    /** What {@code /etc/resolv.conf} says in a sandbox with a way out. */
    String resolvConf() {
        return network.resolvConf();
    }

    private void run() {
        try {
            for (ReadyPolicy.Step step = next(); step != null; step = next()) {
                switch (step) {
                    case ReadyPolicy.Step.Connect _ -> prepareOne();
                    case ReadyPolicy.Step.Discard _ -> discardOne();
                    case ReadyPolicy.Step.Wait _ -> {}
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What to do next, null when there is nothing to do any more. */
    private ReadyPolicy.@Nullable Step next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                ReadyPolicy.Step step = ReadyPolicy.next(readyMax, observed());
                if (!(step instanceof ReadyPolicy.Step.Wait wait)) {
                    return step;
                }
                changed.await(wait.atMost().toNanos(), TimeUnit.NANOSECONDS);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private ReadyPolicy.Observed observed() {
        long now = System.nanoTime();
        return new ReadyPolicy.Observed(ready.size(), Duration.ofNanos(now - lastStartNanos), demand.ofAll(now));
    }

    private void prepareOne() throws InterruptedException {
        try {
            network.open();
            keep(prepared(lot.park(Rights.NONE)));
        } catch (RuntimeException e) {
            LOG.debugf("no sandbox was made ready with a way out, next attempt in %s: %s", RETRY, e.getMessage());
            pause();
        }
    }

    private Parked prepared(Parked parked) {
        try {
            return connect(parked);
        } catch (RuntimeException e) {
            lot.discard(parked);
            throw e;
        }
    }

    private void pause() throws InterruptedException {
        lock.lock();
        try {
            for (long left = RETRY.toNanos(); left > 0 && !closed; ) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void keep(Parked parked) {
        lock.lock();
        try {
            if (!closed) {
                ready.addLast(parked);
                return;
            }
        } finally {
            lock.unlock();
        }
        lot.discard(parked);
    }

    private void discardOne() {
        Parked one;
        lock.lock();
        try {
            one = ready.pollLast();
        } finally {
            lock.unlock();
        }
        if (one != null) {
            lot.discard(one);
        }
    }

    /** How many wait now. */
    int size() {
        lock.lock();
        try {
            return ready.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            running = thread;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (running != null) {
                running.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ready.forEach(lot::discard);
        ready.clear();
    }
}
