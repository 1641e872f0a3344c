package dev.wisp.controller.store;

import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionReadiness.Phase;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the nodes have got with a revision, as the controller knows it.
 *
 * @param nodeId whose report this is; null before the first
 * @param at of the report, by the clock of the node that made it
 * @param changedAt when the state last changed, by the controller's clock
 */
public record Progress(
        State state,
        @Nullable String nodeId,
        List<Phase> phases,
        @Nullable Problem problem,
        Instant at,
        Instant changedAt) {

    /** Order of preparation; the last three are outcomes. */
    public enum State {
        WAITING,
        PULLING,
        STARTING,
        READY,
        FAILED,
        DEADLINE_EXCEEDED;

        public boolean isOutcome() {
            return compareTo(READY) >= 0;
        }
    }

    public Progress {
        phases = List.copyOf(phases);
    }

    /** Published, and nobody has reported yet. */
    public static Progress waiting(Instant now) {
        return new Progress(State.WAITING, null, List.of(), null, now, now);
    }
}
