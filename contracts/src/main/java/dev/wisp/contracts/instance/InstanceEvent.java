package dev.wisp.contracts.instance;

import dev.wisp.contracts.revision.RevisionId;
import java.time.Instant;

/**
 * State of one instance; published on every change, a tombstone follows {@link State#GONE}.
 *
 * @param slots requests it serves at once, 0 means no limit
 * @param inFlight requests inside it at {@code at}
 * @param reason why it is in this state: {@code idle 1.0 s}, {@code out of memory at 128 MiB}
 * @param memoryBytes memory in use at {@code at}, 0 when unknown
 * @param cpuMicros processor time used since it started
 */
public record InstanceEvent(
        String instanceId,
        RevisionId revision,
        String nodeId,
        State state,
        int slots,
        int inFlight,
        String reason,
        long memoryBytes,
        long cpuMicros,
        Instant startedAt,
        Instant at) {

    /** Life of an instance, in order; any state may be followed by GONE. */
    public enum State {
        STARTING,
        READY,
        DRAINING,
        GONE
    }
}
