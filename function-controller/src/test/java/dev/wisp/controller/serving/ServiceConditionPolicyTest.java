package dev.wisp.controller.serving;

import static dev.wisp.controller.revision.Condition.Status.FALSE;
import static dev.wisp.controller.revision.Condition.Status.TRUE;
import static dev.wisp.controller.revision.Condition.Status.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.route.Route;
import dev.wisp.controller.revision.Condition;
import dev.wisp.controller.revision.Condition.Status;
import dev.wisp.controller.store.Progress.State;
import dev.wisp.controller.store.ServiceSnapshot;
import dev.wisp.controller.store.Stored;
import dev.wisp.controller.store.StoredService;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ServiceConditionPolicyTest {

    /** States of revisions, what is pinned and routed (0 is nothing), and what Ready, ConfigurationsReady and RoutesReady say. */
    record Case(
            List<State> states,
            int pinned,
            int routed,
            @Nullable String reason,
            List<Status> statuses) {}

    static Stream<Case> states() {
        return Stream.of(
                of(0, 0, "Deploying", UNKNOWN, UNKNOWN, UNKNOWN, State.WAITING),
                of(0, 1, null, TRUE, TRUE, TRUE, State.READY),
                of(0, 0, "SandboxFailed", FALSE, FALSE, FALSE, State.FAILED),
                of(0, 1, "SandboxFailed", FALSE, FALSE, TRUE, State.READY, State.FAILED),
                of(0, 1, "StartingContainer", UNKNOWN, UNKNOWN, TRUE, State.READY, State.STARTING),
                of(1, 1, null, TRUE, TRUE, TRUE, State.READY, State.READY),
                of(1, 2, "PullingImage", UNKNOWN, TRUE, UNKNOWN, State.PULLING, State.READY),
                of(1, 2, "SandboxFailed", FALSE, TRUE, FALSE, State.FAILED, State.READY),
                of(9, 2, "RevisionMissing", FALSE, TRUE, FALSE, State.READY, State.READY));
    }

    @ParameterizedTest
    @MethodSource
    void states(Case given) {
        ServiceSnapshot plain = Stored.service(given.states().toArray(State[]::new));
        String pinned = given.pinned() == 0 ? null : Stored.name(given.pinned());
        List<Route.Target> targets = given.routed() == 0
                ? List.of()
                : List.of(new Route.Target(new RevisionId("n", Stored.name(given.routed())), 100, null));
        StoredService row = Stored.row(given.states().size(), pinned)
                .withRollout(null, new Route(Stored.HOST, "n", "s", 1, targets), Stored.CREATED);

        List<Condition> conditions = ServiceConditionPolicy.conditions(new ServiceSnapshot(row, plain.revisions()));

        assertThat(conditions)
                .extracting(Condition::type)
                .containsExactly("Ready", "ConfigurationsReady", "RoutesReady");
        assertThat(conditions).extracting(Condition::status).isEqualTo(given.statuses());
        assertThat(conditions.getFirst().reason()).isEqualTo(given.reason());
    }

    private static Case of(
            int pinned,
            int routed,
            @Nullable String reason,
            Status ready,
            Status made,
            Status routes,
            State... states) {
        return new Case(Arrays.asList(states), pinned, routed, reason, List.of(ready, made, routes));
    }
}
