package dev.wisp.contracts.dataplane;

import dev.wisp.contracts.problem.Problem;

/** What became of a {@link StartInstance}. */
public sealed interface StartOutcome {

    /**
     * The instance listens.
     *
     * @param slots requests it serves at once, 0 means no limit
     */
    record Started(String instanceId, int slots, StartTiming timing) implements StartOutcome {}

    /** The node will not start one now; another node may. */
    record Refused(Refusal refusal, String detail) implements StartOutcome {}

    /** The node tried and the workload is at fault, or the sandbox is: asking elsewhere would end the same way. */
    record Failed(Problem problem) implements StartOutcome {}

    /** Why a node refuses. */
    enum Refusal {
        NO_GRANT,
        NO_CAPACITY,
        UNKNOWN_REVISION,
        NOT_PREPARED,
        STOPPING,
        UNREACHABLE
    }
}
