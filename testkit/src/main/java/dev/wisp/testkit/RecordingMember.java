package dev.wisp.testkit;

import dev.wisp.contracts.bus.SharedHandler;
import dev.wisp.contracts.demand.DemandReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A member of a group that writes down what it is told. Thread-safe. */
final class RecordingMember implements SharedHandler<DemandReport> {

    private static final long SECONDS_MAX = 20;

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Map<Integer, Long> terms = new ConcurrentHashMap<>();
    private int behind;

    @Override
    public Duration reread() {
        return Duration.ofMinutes(5);
    }

    @Override
    public long termSeen() {
        return 0;
    }

    @Override
    public synchronized void assigned(int partition, int partitions, long term) {
        terms.put(partition, term);
        behind++;
    }

    @Override
    public void value(String key, @Nullable DemandReport value) {
        events.add(key + " " + (value == null ? "nothing" : value.inFlight()));
    }

    @Override
    public synchronized void caughtUp(int partition) {
        behind--;
        if (behind == 0) {
            events.add("caught up");
        }
    }

    @Override
    public void revoked(int partition) {
        events.add("revoked");
    }

    Map<Integer, Long> terms() {
        return Map.copyOf(terms);
    }

    /** Waits until these have come, in this order, with others between them or not. */
    void expect(String... expected) throws InterruptedException {
        List<String> seen = new ArrayList<>();
        for (String next : expected) {
            String event = events.poll(SECONDS_MAX, TimeUnit.SECONDS);
            while (event != null && !event.equals(next)) {
                seen.add(event);
                event = events.poll(SECONDS_MAX, TimeUnit.SECONDS);
            }
            BusContract.check(event != null, "never saw %s, only %s".formatted(next, seen));
        }
    }
}
