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
        return new InvocationRecord(
                IdDay.at(record.invocationId(), arrival),
                RecordPolicy.micros(arrival),
                record.account(),
                record.revision(),
                record.service(),
                record.instanceId(),
                record.nodeId(),
                record.method(),
                record.status(),
                record.outcome(),
                record.queueMicros(),
                record.startMicros(),
                record.appMicros(),
                record.coldStart(),
                record.billedMillis(),
                record.cpuMicros(),
                record.cpuApportioned(),
                record.cpuMillicores(),
                record.memoryBytes(),
                record.memoryPeakBytes(),
                record.bytesIn(),
                record.bytesOut(),
                record.priceVersion(),
                record.costPicos(),
                record.startParts());
    }

    static InstanceTime dated(InstanceTime time, Instant arrival) {
        return new InstanceTime(
                IdDay.at(time.timeId(), arrival),
                RecordPolicy.micros(arrival),
                time.account(),
                time.revision(),
                time.service(),
                time.instanceId(),
                time.nodeId(),
                time.startMicros(),
                time.busyMicros(),
                time.idleMicros(),
                time.frozenMicros(),
                time.cpuMicros(),
                time.callCpuMicros(),
                time.reserved(),
                time.cpuMillicores(),
                time.memoryBytes(),
                time.run(),
                time.period());
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
