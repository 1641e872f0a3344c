package dev.wisp.controller.revision;

import static dev.wisp.controller.revision.Condition.Status.FALSE;
import static dev.wisp.controller.revision.Condition.Status.TRUE;
import static dev.wisp.controller.revision.Condition.Status.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.controller.revision.Condition.Status;
import dev.wisp.controller.store.Progress;
import dev.wisp.controller.store.Progress.State;
import dev.wisp.controller.store.Stored;
import dev.wisp.controller.store.StoredRevision;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ConditionPolicyTest {

    /** A state, and what Ready, ContainerHealthy and ResourcesAvailable say. */
    record Case(
            State state, @Nullable ErrorCode code, @Nullable String reason, List<Status> statuses) {}

    static Stream<Case> states() {
        return Stream.of(
                new Case(State.WAITING, null, "Deploying", List.of(UNKNOWN, UNKNOWN, UNKNOWN)),
                new Case(State.PULLING, null, "PullingImage", List.of(UNKNOWN, UNKNOWN, UNKNOWN)),
                new Case(State.STARTING, null, "StartingContainer", List.of(UNKNOWN, UNKNOWN, TRUE)),
                new Case(State.READY, null, null, List.of(TRUE, TRUE, TRUE)),
                new Case(State.FAILED, ErrorCode.NOT_LISTENING, "NotListening", List.of(FALSE, FALSE, TRUE)),
                new Case(
                        State.FAILED, ErrorCode.IMAGE_LAYER_BROKEN, "ImageLayerBroken", List.of(FALSE, UNKNOWN, FALSE)),
                new Case(State.FAILED, null, "SandboxFailed", List.of(FALSE, FALSE, TRUE)),
                new Case(State.DEADLINE_EXCEEDED, null, "ProgressDeadlineExceeded", List.of(FALSE, FALSE, FALSE)));
    }

    @ParameterizedTest
    @MethodSource
    void states(Case given) {
        List<Condition> conditions = ConditionPolicy.conditions(revision(given.state(), given.code()));

        assertThat(conditions)
                .extracting(Condition::type)
                .containsExactly("Ready", "ContainerHealthy", "ResourcesAvailable");
        assertThat(conditions).extracting(Condition::status).isEqualTo(given.statuses());
        assertThat(conditions.getFirst().reason()).isEqualTo(given.reason());
        assertThat(conditions)
                .allMatch(condition ->
                        condition.status() == TRUE || (condition.reason() != null && condition.message() != null));
    }

    @Test
    void tellsTheWholeProblem() {
        Problem problem = Problem.of(ErrorCode.NOT_LISTENING, "did not listen on 8080 within 10 s")
                .withEvidence(List.of("one", "two"))
                .withHint("listen on $PORT");
        Progress failed = new Progress(State.FAILED, "node-1", List.of(), problem, Stored.CREATED, Stored.CREATED);

        Condition ready =
                ConditionPolicy.ready(Stored.revision(1, State.WAITING).withProgress(failed));

        assertThat(ready.message()).isEqualTo("E1203: did not listen on 8080 within 10 s\none\ntwo\nlisten on $PORT");
    }

    private static StoredRevision revision(State state, @Nullable ErrorCode code) {
        Problem problem = code == null ? null : Problem.of(code, "why");
        return Stored.revision(1, state)
                .withProgress(new Progress(state, "node-1", List.of(), problem, Stored.CREATED, Stored.CREATED));
    }
}
