package dev.wisp.billing.ingest;

import dev.wisp.billing.ledger.LedgerBatch;
import dev.wisp.billing.rating.RatedRecord;
import dev.wisp.billing.rating.RatingState;
import dev.wisp.contracts.invocation.InvocationRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** What the ingest tells an operator. Thread-safe. */
@Singleton
class IngestMetrics {

    private static final long CAUGHT_UP = -1;
    private static final double GIB = 1L << 30;
    private static final double GB = 1e9;

    private final AtomicLong oldestWaitingMillis = new AtomicLong(CAUGHT_UP);
    private final AtomicLong waiting = new AtomicLong();
    private final InstantSource clock;
    private final Counter stored;
    private final Counter rejected;
    private final Counter redated;
    private final Counter duplicates;
    private final Counter corrected;
    private final Counter unknownPrice;
    private final Counter missed;
    private final Counter failures;
    private final Counter billedRequests;
    private final Counter billedCpu;
    private final Counter billedVcpu;
    private final Counter billedMemory;
    private final Counter billedEgress;
    private final ServiceCosts services;
    private final Counter amount;
    private final Timer batches;

    @Inject
    IngestMetrics(MeterRegistry registry) {
        this(registry, InstantSource.system());
    }

    IngestMetrics(MeterRegistry registry, InstantSource clock) {
        this.clock = clock;
        stored = counter(registry, "wisp.billing.records", "state", "stored", "Records stored in the ledger");
        rejected = counter(
                registry, "wisp.billing.records", "state", "rejected", "Values on the topic that are no records");
        redated = counter(
                registry,
                "wisp.billing.records",
                "state",
                "redated",
                "Records dated by their arrival because theirs cannot be, each time they are read");
        duplicates = counter(
                registry, "wisp.billing.duplicates.rejected", "source", "topic", "Records the ledger already had");
        corrected = counter(
                registry,
                "wisp.billing.rating.mismatches",
                "reason",
                "recomputed",
                "Records whose cost was recomputed because the node's differed");
        unknownPrice = counter(
                registry,
                "wisp.billing.rating.mismatches",
                "reason",
                "unknown_price",
                "Records stored with the node's cost because their price version is unknown");
        missed = counter(
                registry,
                "wisp.billing.offsets.missed",
                "source",
                "topic",
                "Offsets the broker dropped before they were read");
        billedRequests = billed(registry, "requests");
        billedCpu = billed(registry, "cpu");
        billedVcpu = billed(registry, "vcpu");
        billedMemory = billed(registry, "memory");
        billedEgress = billed(registry, "egress");
        services = new ServiceCosts(registry);
        amount = Counter.builder("wisp.billing.billed.amount")
                .description("Cost of the records stored, in the currency of the prices; rounded, the ledger is exact")
                .register(registry);
        failures =
                counter(registry, "wisp.billing.ingest.failures", "source", "any", "Failed tries to read or to store");
        batches = Timer.builder("wisp.billing.batch")
                .description("Time one transaction takes")
                .register(registry);
        Gauge.builder("wisp.billing.lag", this, IngestMetrics::lagSeconds)
                .baseUnit("seconds")
                .description("Age of the oldest record read or announced that is not stored yet, 0 when there is none")
                .register(registry);
        Gauge.builder("wisp.billing.pending.records", waiting, AtomicLong::doubleValue)
                .description("Records on the topic that are not stored yet, as far as the broker told")
                .register(registry);
    }

    void appended(LedgerBatch batch, int storedCount, Duration took) {
        stored.increment(storedCount);
        duplicates.increment(batch.records().size() - (double) storedCount);
        rejected.increment(batch.rejected().size());
        corrected.increment((double) count(batch, RatingState.CORRECTED));
        unknownPrice.increment((double) count(batch, RatingState.UNKNOWN_PRICE));
        batches.record(took);
        billed(batch);
    }

    /** Sums of what came in; a duplicate that the ledger refused is in them, which is why they are not the bill. */
    private void billed(LedgerBatch batch) {
        for (RatedRecord rated : batch.records()) {
            InvocationRecord record = rated.record();
            billedRequests.increment();
            billedCpu.increment(record.cpuMicros() / 1e6);
            billedMemory.increment((double) record.memoryBytes() / GIB * record.billedMillis() / 1e3);
            billedVcpu.increment(record.cpuMillicores() / 1e3 * record.billedMillis() / 1e3);
            billedEgress.increment(record.bytesOut() / GB);
            amount.increment(record.costPicos() / 1e12);
            services.add(record);
        }
    }

    void redated(int records) {
        redated.increment(records);
    }

    void missed(long offsets) {
        missed.increment((double) offsets);
    }

    void failed() {
        failures.increment();
    }

    /** There are records since this moment that are not stored. */
    void behindSince(long epochMillis, long records) {
        oldestWaitingMillis.set(epochMillis);
        waiting.set(records);
    }

    void caughtUp() {
        oldestWaitingMillis.set(CAUGHT_UP);
        waiting.set(0);
    }

    private double lagSeconds() {
        long oldest = oldestWaitingMillis.get();
        return oldest == CAUGHT_UP ? 0 : Math.max(0, clock.millis() - oldest) / 1_000.0;
    }

    private static long count(LedgerBatch batch, RatingState state) {
        return batch.records().stream()
                .filter(record -> record.state() == state)
                .count();
    }

    private static Counter billed(MeterRegistry registry, String meter) {
        return counter(
                registry,
                "wisp.billing.billed.units",
                "meter",
                meter,
                "Requests, core-seconds used (cpu) and held (vcpu), GiB-seconds of memory and GB of egress in the records stored");
    }

    private static Counter counter(MeterRegistry registry, String name, String tag, String value, String description) {
        return Counter.builder(name).tag(tag, value).description(description).register(registry);
    }
}
