package dev.wisp.node.metering;

import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.revision.RevisionId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts invocations under OpenTelemetry's names for functions; labels are bounded by the revisions deployed. Thread-safe. */
final class InvocationMetrics {

    private static final Duration[] BUCKETS =
            millis(5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000);

    private final MeterRegistry registry;
    private final Map<RevisionId, OfRevision> revisions = new ConcurrentHashMap<>();

    InvocationMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void ended(InvocationRecord record) {
        OfRevision known = revisions.get(record.revision());
        (known == null ? add(record) : known).count(record);
    }

    private OfRevision add(InvocationRecord record) {
        return revisions.computeIfAbsent(record.revision(), id -> new OfRevision(record));
    }

    /** Drops the series of a revision that is gone. */
    void forget(RevisionId revision) {
        OfRevision gone = revisions.remove(revision);
        if (gone != null) {
            gone.meters.forEach(registry::remove);
        }
    }

    private final class OfRevision {

        private final List<Meter> meters = new ArrayList<>();
        private final Counter invocations;
        private final Counter timeouts;
        private final Counter coldStarts;
        private final Timer duration;
        private final Timer init;
        private final Timer cpu;
        private final DistributionSummary memory;
        private final DistributionSummary bytesIn;
        private final DistributionSummary bytesOut;
        private final Map<Outcome, Counter> errors = new ConcurrentHashMap<>();
        private final Tags tags;

        OfRevision(InvocationRecord record) {
            tags = Tags.of(
                    "namespace", record.revision().namespace(),
                    "faas_name", record.service(),
                    "faas_version", record.revision().name(),
                    "faas_trigger", "http");
            invocations = keep(counter("faas.invocations", "Calls that succeeded"));
            timeouts = keep(counter("faas.timeouts", "Calls that took too long"));
            coldStarts = keep(counter("faas.coldstarts", "Calls that started an instance"));
            duration = keep(timer("faas.invoke_duration", "Time in the container")
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry));
            init = keep(timer("faas.init_duration", "Time a call waited for a start")
                    .register(registry));
            cpu = keep(timer("faas.cpu_usage", "Processor time of a call").register(registry));
            memory = keep(summary("faas.mem_usage", "Most memory its instance had used by the end of a call")
                    .register(registry));
            bytesIn = keep(summary("faas.net_io", "Bytes of requests and answers")
                    .tag("direction", "in")
                    .register(registry));
            bytesOut = keep(summary("faas.net_io", "Bytes of requests and answers")
                    .tag("direction", "out")
                    .register(registry));
        }

        void count(InvocationRecord record) {
            if (record.outcome() == Outcome.SUCCESS) {
                invocations.increment();
            } else if (record.outcome() == Outcome.TIMEOUT) {
                timeouts.increment();
            } else {
                errors.computeIfAbsent(record.outcome(), this::error).increment();
            }
            duration.record(record.appMicros(), TimeUnit.MICROSECONDS);
            cpu.record(record.cpuMicros(), TimeUnit.MICROSECONDS);
            memory.record((double) record.memoryPeakBytes());
            bytesIn.record((double) record.bytesIn());
            bytesOut.record((double) record.bytesOut());
            if (record.coldStart()) {
                coldStarts.increment();
                init.record(record.startMicros(), TimeUnit.MICROSECONDS);
            }
        }

        private Counter error(Outcome outcome) {
            return keep(Counter.builder("faas.errors")
                    .description("Calls that failed, by cause")
                    .tags(tags)
                    .tag("error_type", outcome.name().toLowerCase(Locale.ROOT))
                    .register(registry));
        }

        private Counter counter(String name, String description) {
            return Counter.builder(name).tags(tags).description(description).register(registry);
        }

        private Timer.Builder timer(String name, String description) {
            return Timer.builder(name).tags(tags).description(description);
        }

        private DistributionSummary.Builder summary(String name, String description) {
            return DistributionSummary.builder(name)
                    .baseUnit("bytes")
                    .tags(tags)
                    .description(description);
        }

        private synchronized <M extends Meter> M keep(M meter) {
            meters.add(meter);
            return meter;
        }
    }

    private static Duration[] millis(long... bounds) {
        Duration[] durations = new Duration[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            durations[i] = Duration.ofMillis(bounds[i]);
        }
        return durations;
    }
}
