package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.bus.SharedHandler;
import dev.wisp.contracts.demand.DemandReport;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** This replica's part of the demand as signals for the loop. Thread-safe. */
final class DemandMember implements SharedHandler<DemandReport> {

    /** What the topic keeps. */
    static final Duration REREAD_MAX = Duration.ofHours(2);

    private final Inbox inbox;
    private final AtomicReference<Duration> reread = new AtomicReference<>(Duration.ZERO);
    private final AtomicLong termSeen = new AtomicLong();
    private final AtomicInteger partitions = new AtomicInteger();

    DemandMember(Inbox inbox) {
        this.inbox = inbox;
    }

    /** A revision needs so much of the past. */
    void needs(Duration past) {
        Duration most = past.compareTo(REREAD_MAX) < 0 ? past : REREAD_MAX;
        reread.accumulateAndGet(most, (a, b) -> a.compareTo(b) < 0 ? b : a);
    }

    /** A plan of that term was seen. */
    void saw(long term) {
        termSeen.accumulateAndGet(term, Math::max);
    }

    /** Partitions that are this replica's now. */
    int partitions() {
        return partitions.get();
    }

    @Override
    public Duration reread() {
        return reread.get();
    }

    @Override
    public long termSeen() {
        return termSeen.get();
    }

    @Override
    public void assigned(int partition, int partitions, long term) {
        this.partitions.incrementAndGet();
        inbox.put(new Signal.PartitionAssigned(partition, partitions, term));
    }

    @Override
    public void value(String key, @Nullable DemandReport report) {
        if (report != null) {
            inbox.put(new Signal.DemandSeen(report));
        }
    }

    @Override
    public void caughtUp(int partition) {
        inbox.put(new Signal.PartitionRebuilt(partition));
    }

    @Override
    public void revoked(int partition) {
        partitions.decrementAndGet();
        inbox.put(new Signal.PartitionRevoked(partition));
    }
}
