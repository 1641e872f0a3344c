package dev.wisp.billing.ingest;

import dev.wisp.billing.ledger.IdDay;
import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.NodeCpu;
import java.time.Instant;

/**
 * Dates by its arrival what a clock dated that was wrong. The id is dated as well, since the ledger files a record under the day in its id.
 */
final class DatingPolicy {

    private DatingPolicy() {}

    static InvocationRecord dated(InvocationRecord record, Instant arrival) {
        return record.with()
                .invocationId(IdDay.at(record.invocationId(), arrival))
                .receivedAtMicros(RecordPolicy.micros(arrival))
                .build();
    }

    static InstanceTime dated(InstanceTime time, Instant arrival) {
        return time.with()
                .timeId(IdDay.at(time.timeId(), arrival))
                .atMicros(RecordPolicy.micros(arrival))
                .build();
    }

    static NodeCpu dated(NodeCpu cpu, Instant arrival) {
        return new NodeCpu(
                cpu.nodeId(),
                cpu.run(),
                cpu.period(),
                RecordPolicy.micros(arrival),
                cpu.countedMicros(),
                cpu.preparedMicros());
    }
}
