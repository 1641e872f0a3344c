package dev.wisp.node.metering;

import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.invocation.Trigger;
import dev.wisp.contracts.revision.RevisionId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;

/**
 * Counts invocations under OpenTelemetry's names for functions; labels are bounded by the revisions deployed and two triggers, and a service's series are at most 40
 * for each trigger with the one that billing has. Where a summary's third series, the largest value, would say nothing, there are a sum and a count only. Thread-safe.
 */
final class InvocationMetrics {

    private static final Duration[] BUCKETS =
            millis(5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000);

    private static final double MICROS_PER_SECOND = 1e6;
    private static final double MILLICORES_PER_CORE = 1e3;

    private final MeterRegistry registry;
    private final ToIntFunction<RevisionId> running;
    private final Map<RevisionId, OfRevision> revisions = new ConcurrentHashMap<>();

    /** @param running how many instances a revision has now */
    InvocationMetrics(MeterRegistry registry, ToIntFunction<RevisionId> running) {
        this.registry = registry;
        this.running = running;
    }

    void ended(InvocationRecord record, Trigger trigger) {
        OfRevision known = revisions.get(record.revision());
        (known == null ? add(record) : known).of(trigger).count(record);
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
        private final Tags tags;
        private final Map<StartPart, LongAdder> parts = new EnumMap<>(StartPart.class);
        private final Map<Trigger, OfTrigger> triggers = new ConcurrentHashMap<>();

        OfRevision(InvocationRecord record) {
            tags = Tags.of(
                    "namespace", record.revision().namespace(),
                    "faas_name", record.service(),
                    "faas_version", record.revision().name());
            for (StartPart part : StartPart.values()) {
                parts.put(part, started(part));
            }
            limits(record);
        }

        OfTrigger of(Trigger trigger) {
            OfTrigger known = triggers.get(trigger);
            return known == null ? triggers.computeIfAbsent(trigger, added -> new OfTrigger(this, added)) : known;
        }

        private void limits(InvocationRecord record) {
            double cores = record.cpuMillicores() / MILLICORES_PER_CORE;
            RevisionId id = record.revision();
            keep(Gauge.builder("wisp.node.cpu_limit_cores", () -> cores * running.applyAsInt(id))
                    .tags(tags)
                    .description("Processors that the instances there are may use together")
                    .register(registry));
            double bytes = record.memoryBytes();
            keep(Gauge.builder("wisp.node.memory_limit_bytes", () -> bytes)
                    .tags(tags)
                    .description("Memory that one instance may use")
                    .register(registry));
        }

        void started(Map<String, Long> micros) {
            micros.forEach((part, time) -> Objects.requireNonNull(parts.get(StartPart.of(part)), "every part is there")
                    .add(time));
        }

        private LongAdder started(StartPart part) {
            LongAdder micros = new LongAdder();
            keep(FunctionCounter.builder("wisp.node.start_part", micros, now -> now.sum() / MICROS_PER_SECOND)
                    .baseUnit("seconds")
                    .tags(tags)
                    .tag("part", part.name().toLowerCase(Locale.ROOT))
                    .description("Where the time of the starts went that calls waited for")
                    .register(registry));
            return micros;
        }

        synchronized <M extends Meter> M keep(M meter) {
            meters.add(meter);
            return meter;
        }
    }

    /** What calls of one revision did that had one trigger. */
    private final class OfTrigger {

        private final OfRevision revision;
        private final Counter invocations;
        private final Counter timeouts;
        private final Counter coldStarts;
        private final Timer duration;
        private final Sum init = new Sum();
        private final Sum cpu = new Sum();
        private final DistributionSummary memory;
        private final LongAdder bytesIn = new LongAdder();
        private final LongAdder bytesOut = new LongAdder();
        private final Map<Outcome, Counter> errors = new ConcurrentHashMap<>();
        private final Tags tags;

        OfTrigger(OfRevision revision, Trigger trigger) {
            this.revision = revision;
            this.tags = revision.tags.and("faas_trigger", trigger.label());
            invocations = keep(counter("faas.invocations", "Calls that succeeded"));
            timeouts = keep(counter("faas.timeouts", "Calls that took too long"));
            coldStarts = keep(counter("faas.coldstarts", "Calls that started an instance"));
            duration = keep(timer("faas.invoke_duration", "Time in the container")
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry));
            sum("faas.init_duration", "Time a call waited for a start", init);
            sum("faas.cpu_usage", "Processor time of a call", cpu);
            memory = keep(summary("faas.mem_usage", "Most memory its instance had used by the end of a call")
                    .register(registry));
            bytes("in", bytesIn);
            bytes("out", bytesOut);
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
            cpu.add(record.cpuMicros());
            memory.record((double) record.memoryPeakBytes());
            bytesIn.add(record.bytesIn());
            bytesOut.add(record.bytesOut());
            if (record.coldStart()) {
                coldStarts.increment();
                init.add(record.startMicros());
                revision.started(record.startParts().micros());
            }
        }

        private void sum(String name, String description, Sum sum) {
            keep(FunctionTimer.builder(
                            name, sum, now -> now.count.sum(), now -> now.micros.sum(), TimeUnit.MICROSECONDS)
                    .tags(tags)
                    .description(description)
                    .register(registry));
        }

        private void bytes(String direction, LongAdder sum) {
            keep(FunctionCounter.builder("faas.net_io", sum, LongAdder::sum)
                    .baseUnit("bytes")
                    .tags(tags)
                    .tag("direction", direction)
                    .description("Bytes of requests and answers")
                    .register(registry));
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

        private <M extends Meter> M keep(M meter) {
            return revision.keep(meter);
        }
    }

    /** How often, and how long together. */
    private static final class Sum {

        final LongAdder count = new LongAdder();
        final LongAdder micros = new LongAdder();

        void add(long value) {
            micros.add(value);
            count.increment();
        }
    }

    /** What the phases of a start come to that a service has series for; {@code wisp_node_coldstart_phase_seconds} has all of them, of all services. */
    private enum StartPart {
        /** Until a thread had time for it. */
        SCHEDULE,
        /** Making the sandbox, up to the program's beginning. */
        SANDBOX,
        /** The program's own, until it listened. */
        LISTEN;

        static StartPart of(String phase) {
            return switch (phase) {
                case "schedule" -> SCHEDULE;
                case "listen" -> LISTEN;
                default -> SANDBOX;
            };
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
