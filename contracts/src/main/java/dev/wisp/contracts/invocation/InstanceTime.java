package dev.wisp.contracts.invocation;

import dev.wisp.contracts.revision.RevisionId;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.UUID;

/**
 * What one instance had in a stretch of its life: with the records before and after it, every microsecond from its start to its end. The first four
 * durations add up to the stretch. A record is made when an instance ends, and of each that lives once a period.
 *
 * <p>Durations are microseconds of the monotonic clock, 0 to 400 days: billing refuses a record with another. {@code atMicros} is wall clock and only
 * places the record in a period. The first of an instance begins with the instance.
 *
 * @param timeId UUIDv7; decides whether two records are the same
 * @param atMicros end of the stretch, microseconds since 1970 UTC
 * @param startMicros from the claim of a sandbox until it listened
 * @param busyMicros with a call inside, however many
 * @param idleMicros ready, on the processors, without a call
 * @param frozenMicros taken off the processors
 * @param cpuMicros processor time of all its processes, by the kernel's counter of its control group
 * @param callCpuMicros of it, that of calls which ended in the stretch
 * @param reserved whether its revision holds instances while nobody calls
 * @param cpuMillicores limit, thousandths of a processor
 * @param memoryBytes limit, at most 2⁴⁴
 * @param run when the node's process began, microseconds since 1970 UTC
 * @param period number of the node's period, from 1 in each run
 */
@RecordBuilder
public record InstanceTime(
        UUID timeId,
        long atMicros,
        String account,
        RevisionId revision,
        String service,
        String instanceId,
        String nodeId,
        long startMicros,
        long busyMicros,
        long idleMicros,
        long frozenMicros,
        long cpuMicros,
        long callCpuMicros,
        boolean reserved,
        int cpuMillicores,
        long memoryBytes,
        long run,
        long period)
        implements InstanceTimeBuilder.With {}
