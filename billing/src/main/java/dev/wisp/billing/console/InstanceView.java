package dev.wisp.billing.console;

import dev.wisp.contracts.instance.InstanceEvent;
import java.time.Instant;

/** An instance as the page shows it. */
public record InstanceView(
        String instanceId,
        String namespace,
        String service,
        String revision,
        String nodeId,
        InstanceEvent.State state,
        int slots,
        int inFlight,
        String reason,
        long memoryBytes,
        long cpuMicros,
        Instant startedAt,
        Instant at) {

    static InstanceView of(InstanceEvent event, String service) {
        return new InstanceView(
                event.instanceId(),
                event.revision().namespace(),
                service,
                event.revision().name(),
                event.nodeId(),
                event.state(),
                event.slots(),
                event.inFlight(),
                event.reason(),
                event.memoryBytes(),
                event.cpuMicros(),
                event.startedAt(),
                event.at());
    }
}
