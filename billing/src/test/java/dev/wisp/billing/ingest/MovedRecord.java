package dev.wisp.billing.ingest;

import dev.wisp.contracts.invocation.InvocationRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A record received at another time than its id says. */
record MovedRecord(InvocationRecord record) {

    InvocationRecord to(Instant receivedAt) {
        return new InvocationRecord(
                record.invocationId(),
                ChronoUnit.MICROS.between(Instant.EPOCH, receivedAt),
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
}
