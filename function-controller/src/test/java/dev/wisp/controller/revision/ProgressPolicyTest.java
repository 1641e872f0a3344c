package dev.wisp.controller.revision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.revision.RevisionReadiness;
import dev.wisp.controller.store.Progress;
import dev.wisp.controller.store.Progress.State;
import dev.wisp.controller.store.Stored;
import dev.wisp.controller.store.StoredRevision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ProgressPolicyTest {

    private static final Instant NOW = Stored.CREATED.plusSeconds(30);

    /** A state, a report (of node-1, which reported before, or of another), and the state after it; null when nothing changes. */
    record Case(
            State before,
            String node,
            RevisionReadiness.State reported,
            @Nullable State after) {}

    static Stream<Case> moves() {
        return Stream.of(
                new Case(State.WAITING, "node-1", RevisionReadiness.State.PULLING, State.PULLING),
                new Case(State.PULLING, "node-1", RevisionReadiness.State.STARTING, State.STARTING),
                new Case(State.STARTING, "node-1", RevisionReadiness.State.READY, State.READY),
                new Case(State.STARTING, "node-1", RevisionReadiness.State.FAILED, State.FAILED),
                new Case(State.STARTING, "node-2", RevisionReadiness.State.PULLING, null),
                new Case(State.STARTING, "node-2", RevisionReadiness.State.FAILED, null),
                new Case(State.STARTING, "node-2", RevisionReadiness.State.READY, State.READY),
                new Case(State.FAILED, "node-1", RevisionReadiness.State.PULLING, State.PULLING),
                new Case(State.FAILED, "node-2", RevisionReadiness.State.STARTING, null),
                new Case(State.FAILED, "node-2", RevisionReadiness.State.READY, State.READY),
                new Case(State.READY, "node-1", RevisionReadiness.State.FAILED, null),
                new Case(State.READY, "node-2", RevisionReadiness.State.READY, null),
                new Case(State.DEADLINE_EXCEEDED, "node-2", RevisionReadiness.State.PULLING, State.PULLING),
                new Case(State.DEADLINE_EXCEEDED, "node-1", RevisionReadiness.State.READY, State.READY));
    }

    @ParameterizedTest
    @MethodSource
    void moves(Case move) {
        StoredRevision revision = Stored.revision(1, move.before());

        Optional<Progress> after =
                ProgressPolicy.after(revision, report(move.node(), move.reported(), NOW.minusSeconds(1)), NOW);

        assertThat(after.map(Progress::state).orElse(null)).isEqualTo(move.after());
    }

    @Test
    void keepsWhatTheNodeSaid() {
        Problem problem = Problem.of(ErrorCode.NOT_LISTENING, "too slow");
        RevisionReadiness report = new RevisionReadiness(
                Stored.revision(1, State.WAITING).id(),
                "node-1",
                RevisionReadiness.State.FAILED,
                List.of(new RevisionReadiness.Phase("image", 5, "1 layer")),
                problem,
                NOW.minusSeconds(1));

        assertThat(ProgressPolicy.after(Stored.revision(1, State.PULLING), report, NOW))
                .hasValue(new Progress(State.FAILED, "node-1", report.phases(), problem, report.at(), NOW));
    }

    @Test
    void ignoresReportsAboutAnEarlierRevisionOfTheSameName() {
        RevisionReadiness old = report("node-1", RevisionReadiness.State.READY, Stored.CREATED.minusSeconds(6));

        assertThat(ProgressPolicy.after(Stored.revision(1, State.WAITING), old, NOW))
                .isEmpty();
    }

    @Test
    void ignoresReportsAboutAWithdrawnRevision() {
        StoredRevision withdrawn = Stored.revision(1, State.WAITING).withdrawn(NOW);

        assertThat(ProgressPolicy.after(withdrawn, report("node-1", RevisionReadiness.State.READY, NOW), NOW))
                .isEmpty();
    }

    @Test
    void ignoresReportsThatArriveTwice() {
        StoredRevision revision = Stored.revision(1, State.WAITING);
        RevisionReadiness report = report("node-1", RevisionReadiness.State.STARTING, NOW);
        Progress once = ProgressPolicy.after(revision, report, NOW).orElseThrow();

        assertThat(ProgressPolicy.after(revision.withProgress(once), report, NOW.plusSeconds(1)))
                .isEmpty();
    }

    @Test
    void isOverdueAfterTheDeadlineOnly() {
        StoredRevision revision = Stored.revision(1, State.PULLING);
        Duration deadline = Duration.ofMinutes(10);

        assertThat(ProgressPolicy.overdue(revision, deadline, Stored.CREATED.plusSeconds(599)))
                .isEmpty();
        assertThat(ProgressPolicy.overdue(revision, deadline, Stored.CREATED.plusSeconds(600)))
                .map(Progress::state)
                .hasValue(State.DEADLINE_EXCEEDED);
        assertThat(ProgressPolicy.overdue(Stored.revision(1, State.FAILED), deadline, Stored.CREATED.plusSeconds(600)))
                .isEmpty();
    }

    private static RevisionReadiness report(String node, RevisionReadiness.State state, Instant at) {
        return new RevisionReadiness(Stored.revision(1, State.WAITING).id(), node, state, List.of(), null, at);
    }
}
