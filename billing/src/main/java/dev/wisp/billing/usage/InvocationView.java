package dev.wisp.billing.usage;

import dev.wisp.billing.rating.RatingState;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Origin;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.invocation.StartParts;
import dev.wisp.contracts.invocation.Trigger;
import dev.wisp.contracts.price.Money;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A record as it appears in answers, in lists and in the live view alike.
 *
 * @param cpuMillicores processor limit of the instance, 0 when it was not recorded
 * @param rating whether the cost is the node's, confirmed, or was recomputed
 * @param cost in units of the price version's currency, exact
 * @param costPicos in 10⁻¹² of it
 * @param startParts microseconds by part of the start it waited for, in order; empty when warm
 * @param trigger what it came about by
 * @param attempt which one of the same request, from 1; 0 when it was not recorded
 * @param serviceUid of the service: one that is made again under its name has another; null when it was not recorded
 */
public record InvocationView(
        UUID invocationId,
        Instant receivedAt,
        String account,
        String namespace,
        String service,
        String revision,
        String instanceId,
        String nodeId,
        String method,
        int status,
        Outcome outcome,
        long queueMicros,
        long startMicros,
        long appMicros,
        boolean coldStart,
        long billedMillis,
        long cpuMicros,
        boolean cpuApportioned,
        int cpuMillicores,
        long memoryBytes,
        long memoryPeakBytes,
        long bytesIn,
        long bytesOut,
        int priceVersion,
        RatingState rating,
        String cost,
        String costPicos,
        Map<String, Long> startParts,
        Trigger trigger,
        int attempt,
        @Nullable UUID serviceUid) {

    static InvocationView of(LedgerInvocation row) {
        return new InvocationView(
                row.key.id(),
                row.receivedAt,
                row.account,
                row.namespace,
                row.service,
                row.revision,
                row.instanceId,
                row.nodeId,
                row.method,
                row.status,
                Outcome.ofWireCode(row.outcome),
                row.queueMicros,
                row.startMicros,
                row.appMicros,
                row.coldStart,
                row.billedMillis,
                row.cpuMicros,
                row.cpuApportioned,
                row.cpuMillicores,
                row.memoryBytes,
                row.memoryPeakBytes,
                row.bytesIn,
                row.bytesOut,
                row.priceVersion,
                RatingState.ofStoredCode(row.rating),
                Money.decimal(row.costPicos),
                Long.toString(row.costPicos),
                new StartParts(row.startParts).micros(),
                Trigger.ofWireCode(row.trigger),
                row.attempt,
                known(row.serviceUid));
    }

    /** A record that was just stored. */
    public static InvocationView of(InvocationRecord record, RatingState rating) {
        return new InvocationView(
                record.invocationId(),
                Instant.EPOCH.plus(record.receivedAtMicros(), ChronoUnit.MICROS),
                record.account(),
                record.revision().namespace(),
                record.service(),
                record.revision().name(),
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
                rating,
                Money.decimal(record.costPicos()),
                Long.toString(record.costPicos()),
                record.startParts().micros(),
                record.origin().trigger(),
                record.origin().attempt(),
                known(record.origin().serviceUid()));
    }

    private static @Nullable UUID known(UUID serviceUid) {
        return serviceUid.equals(Origin.NO_SERVICE) ? null : serviceUid;
    }
}
