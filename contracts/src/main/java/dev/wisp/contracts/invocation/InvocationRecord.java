package dev.wisp.contracts.invocation;

import dev.wisp.contracts.revision.RevisionId;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.UUID;

/**
 * One invocation as the node measured it: the unit of metering, and with its price the unit of billing. Durations come from the
 * monotonic clock; {@code receivedAtMicros} is wall clock and only places the record in a period.
 *
 * @param invocationId UUIDv7 made by the gateway; decides whether two records are the same
 * @param receivedAtMicros when the gateway had the request's head, microseconds since 1970 UTC
 * @param method HTTP method
 * @param status status sent to the caller, 0 when none was
 * @param queueMicros time held without an instance, without the start itself
 * @param startMicros time this request waited for the start of an instance, 0 when warm
 * @param appMicros from the first byte sent to the container to the last byte received
 * @param coldStart whether the instance was started for this request
 * @param billedMillis what is billed: {@link dev.wisp.contracts.price.Rating} says how
 * @param cpuMicros processor time of the instance during the invocation
 * @param cpuApportioned whether other invocations shared the instance, so that cpuMicros is a share
 * @param cpuMillicores processor limit of the instance, thousandths of a processor: what is billed by a price of processors held; 0 in
 *     records from before it was recorded
 * @param memoryBytes memory limit of the instance: what is billed
 * @param memoryPeakBytes most memory the instance used so far, informative, 0 when unknown
 * @param bytesIn request body
 * @param bytesOut response body
 * @param priceVersion of the price book the cost was computed with
 * @param costPicos 10⁻¹² units of the price book's currency
 * @param startParts where the time of the start went that this request waited for, none when warm
 * @param origin how the call came about, and whose it is
 */
@RecordBuilder
public record InvocationRecord(
        UUID invocationId,
        long receivedAtMicros,
        String account,
        RevisionId revision,
        String service,
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
        long costPicos,
        StartParts startParts,
        Origin origin)
        implements InvocationRecordBuilder.With {}
