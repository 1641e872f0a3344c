package dev.wisp.node.api;

import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.node.instance.Instance;
import dev.wisp.node.instance.NodeInstances;
import dev.wisp.node.report.Journal;
import dev.wisp.node.report.Shipper;
import dev.wisp.node.sandbox.SandboxRuntime;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What the node tells about itself: instances by state, their ends by cause, and records not yet with the broker. */
final class NodeMeters {

    private NodeMeters() {}

    static void register(
            MeterRegistry registry,
            NodeInstances instances,
            SandboxRuntime sandboxes,
            Journal journal,
            Shipper shipper) {
        Gauge.builder(
                        "wisp.node.stuck_sandboxes",
                        sandboxes,
                        runtime -> runtime.stuck().size())
                .description("Sandboxes that were killed and are not gone")
                .register(registry);
        for (InstanceEvent.State state : InstanceEvent.State.values()) {
            if (state != InstanceEvent.State.GONE) {
                gauge(registry, instances, state);
            }
        }
        Gauge.builder("wisp.node.frozen_instances", instances, NodeMeters::frozen)
                .description("Instances that are off the processors until their next request")
                .register(registry);
        Gauge.builder(
                        "wisp.node.evictable_memory_bytes",
                        instances,
                        all -> all.evictable().memoryBytes())
                .description("Memory of frozen instances that end as soon as another needs it")
                .register(registry);
        FunctionCounter.builder(
                        "wisp.node.frozen_seconds",
                        instances,
                        all -> all.frozen().toNanos() / 1e9)
                .description("How long instances were frozen, all together")
                .register(registry);
        instances.onStart(outcome -> started(registry, outcome));
        instances.onEnd(ended -> Counter.builder("wisp.node.instance_exits")
                .description("Instances that ended, by cause")
                .tag("reason", ended.ending().cause().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment());
        Gauge.builder("wisp.node.journal_pending_records", journal, Journal::pending)
                .description("Invocation records that the broker does not have yet")
                .register(registry);
        FunctionTimer.builder(
                        "wisp.node.journal_sync",
                        journal,
                        Journal::syncs,
                        all -> all.syncTime().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("Bringing files of the journal to the disk")
                .register(registry);
        FunctionCounter.builder("wisp.node.journal_sync_failures", journal, Journal::syncFailures)
                .description("Files of the journal that did not reach the disk")
                .register(registry);
        Gauge.builder("wisp.node.journal_reaches_disk", journal, all -> all.reachesDisk() ? 1 : 0)
                .description("0 while records do not reach the disk, and calls are refused")
                .register(registry);
        Gauge.builder("wisp.billing_shipped_timestamp_seconds", shipper, sent -> sent.lastShippedAtMicros() / 1e6)
                .description("When the newest record that the broker has was received")
                .register(registry);
    }

    /** Counts a start, and tells where the time of a cold one went; the names of phases are the sandbox's own few. */
    private static void started(MeterRegistry registry, StartOutcome outcome) {
        String result = switch (outcome) {
            case StartOutcome.Started started -> "started";
            case StartOutcome.Refused refused -> "refused";
            case StartOutcome.Failed failed -> "failed";
        };
        Counter.builder("wisp.node.instance_starts")
                .description("Starts asked of the node, by what came of them")
                .tag("result", result)
                .register(registry)
                .increment();
        if (outcome instanceof StartOutcome.Started started) {
            started.timing()
                    .phases()
                    .forEach(phase -> Timer.builder("wisp.node.coldstart_phase")
                            .description("Where the time of a start went")
                            .tag("phase", phase.name())
                            .register(registry)
                            .record(phase.micros(), TimeUnit.MICROSECONDS));
        }
    }

    private static void gauge(MeterRegistry registry, NodeInstances instances, InstanceEvent.State state) {
        Gauge.builder("wisp.node.instances", instances, all -> count(all, state))
                .description("Instances on this node")
                .tag("state", state.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private static double frozen(NodeInstances instances) {
        return instances.all().stream().filter(Instance::isFrozen).count();
    }

    private static double count(NodeInstances instances, InstanceEvent.State state) {
        return instances.all().stream()
                .map(Instance::published)
                .filter(state::equals)
                .count();
    }
}
