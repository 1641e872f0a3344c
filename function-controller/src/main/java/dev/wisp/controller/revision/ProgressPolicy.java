package dev.wisp.controller.revision;

import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.controller.store.Progress;
import dev.wisp.controller.store.Progress.State;
import dev.wisp.controller.store.StoredRevision;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides what a node's report changes. A revision is ready once any node could run it, and stays so: a node that fails later says
 * something about that node. Until then the first node that reported is followed, and others only matter when they succeed.
 */
final class ProgressPolicy {

    /** How far clocks of nodes may be behind; a report older than that is about an earlier revision of the same name. */
    private static final Duration SKEW_MAX = Duration.ofSeconds(5);

    private ProgressPolicy() {}

    /** The progress after a report; empty when the report changes nothing. */
    static Optional<Progress> after(StoredRevision revision, RevisionReadiness report, Instant now) {
        Progress before = revision.progress();
        boolean stale = report.at().isBefore(revision.publishedAt().minus(SKEW_MAX));
        if (!revision.published() || stale || before.state() == State.READY) {
            return Optional.empty();
        }
        State state = state(report.state());
        if (state != State.READY && !follows(before, report)) {
            return Optional.empty();
        }
        Instant changedAt = state == before.state() ? before.changedAt() : now;
        Progress after =
                new Progress(state, report.nodeId(), report.phases(), report.problem(), report.at(), changedAt);
        return after.equals(before) ? Optional.empty() : Optional.of(after);
    }

    /** The progress of a revision that nobody made ready in time; empty while there is time, or when the outcome is known. */
    static Optional<Progress> overdue(StoredRevision revision, Duration deadline, Instant now) {
        Progress before = revision.progress();
        boolean late = !revision.publishedAt().plus(deadline).isAfter(now);
        if (!revision.published() || before.state().isOutcome() || !late) {
            return Optional.empty();
        }
        return Optional.of(new Progress(
                State.DEADLINE_EXCEEDED, before.nodeId(), before.phases(), before.problem(), before.at(), now));
    }

    private static boolean follows(Progress before, RevisionReadiness report) {
        boolean leaderless = before.nodeId() == null || before.state() == State.DEADLINE_EXCEEDED;
        return leaderless
                || (report.nodeId().equals(before.nodeId()) && !report.at().isBefore(before.at()));
    }

    private static State state(RevisionReadiness.State state) {
        return switch (state) {
            case PULLING -> State.PULLING;
            case STARTING -> State.STARTING;
            case READY -> State.READY;
            case FAILED -> State.FAILED;
        };
    }
}
