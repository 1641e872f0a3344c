package dev.wisp.node.report;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.invocation.InvocationBatch;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sends what is finished to the broker, for ever if need be: batches of records as they are in the journal. At most
 * {@code inFlightMax} records wait for their acknowledgement; while the broker is away one batch at a time is tried, with growing
 * pauses. A record may reach the broker twice; billing keeps one.
 */
public final class Shipper implements AutoCloseable {

    private static final Duration IDLE_WAIT = Duration.ofSeconds(1);
    /**
     * Gathers what ends within it, so that a busy node wakes this thread, the producer's, the broker's and the ledger's 20 times a second and not once a call.
     */
    private static final Duration LINGER = Duration.ofMillis(50);

    private final Journal journal;
    private final Bus bus;
    private final int inFlightMax;
    private final RandomGenerator random;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Queue<Shipment> failed = new ConcurrentLinkedQueue<>();
    private volatile int failuresInARow;
    private volatile long lastShippedAtMicros;
    private @Nullable Thread thread;

    public Shipper(Journal journal, Bus bus, int inFlightMax, RandomGenerator random) {
        this.journal = journal;
        this.bus = bus;
        this.inFlightMax = inFlightMax;
        this.random = random;
    }

    public void start() {
        thread = Thread.ofVirtual().name("wisp-shipper").start(this::run);
    }

    /** When the newest record that the broker has was received, microseconds since 1970 UTC, 0 before the first. */
    public long lastShippedAtMicros() {
        return lastShippedAtMicros;
    }

    /** Sends what may be sent now: all there is, or one batch to try the broker with after a failure. Returns how many batches. */
    int runOnce() {
        int sent = 0;
        for (int room = room(); room > 0; room = room()) {
            Shipment next = failed.poll();
            if (next == null) {
                next = journal.poll(Math.min(room, InvocationBatch.RECORDS_MAX));
            }
            if (next == null) {
                return sent;
            }
            send(next);
            sent++;
            if (failuresInARow > 0) {
                return sent;
            }
        }
        return sent;
    }

    private int room() {
        int waiting = inFlight.get();
        if (failuresInARow > 0) {
            return waiting == 0 ? inFlightMax : 0;
        }
        return inFlightMax - waiting;
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                int sent = runOnce();
                if (failuresInARow > 0) {
                    Thread.sleep(ShipBackoffPolicy.pause(failuresInARow, random.nextDouble()));
                } else if (sent > 0 || inFlight.get() > 0 || journal.awaitFinished(IDLE_WAIT)) {
                    Thread.sleep(LINGER);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Shipment shipment) {
        inFlight.addAndGet(shipment.size());
        bus.publish(Topics.INVOCATIONS, shipment.key(), shipment.batch()).whenComplete((done, failure) -> {
            if (failure == null) {
                failuresInARow = 0;
                lastShippedAtMicros = Math.max(lastShippedAtMicros, shipment.atMicros());
                journal.acked(shipment);
            } else {
                failed.add(shipment);
                noteFailure(failure);
            }
            inFlight.addAndGet(-shipment.size());
        });
    }

    private void noteFailure(Throwable failure) {
        if (failuresInARow == 0) {
            Log.warnf("the broker does not take invocation records, they stay in the journal: %s", failure);
        }
        failuresInARow = Math.min(failuresInARow + 1, 1_000);
    }
}
