package dev.wisp.controller.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.controller.store.ControllerMeters.Change;
import dev.wisp.controller.store.ControllerMeters.Work;
import dev.wisp.controller.store.Progress.State;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ControllerMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ControllerMeters meters = new ControllerMeters(registry);

    @Test
    void tellsWhatWasRefusedFromWhatFailed() {
        meters.transaction(Work.SERVICES, () -> Uni.createFrom().item("done"))
                .await()
                .indefinitely();
        fail(meters.transaction(Work.SERVICES, () -> problem(ErrorCode.NOT_FOUND)));
        fail(meters.transaction(Work.SERVICES, () -> problem(ErrorCode.STORE_UNAVAILABLE)));
        fail(meters.transaction(Work.OUTBOX, () -> Uni.createFrom().failure(new IllegalStateException("bug"))));

        assertThat(transactions("services", "done")).isEqualTo(1);
        assertThat(transactions("services", "refused")).isEqualTo(1);
        assertThat(transactions("services", "failed")).isEqualTo(1);
        assertThat(transactions("outbox", "failed")).isEqualTo(1);
    }

    @Test
    void countsADeploymentEachTimeItIsDone() {
        Uni<String> update =
                meters.deployment(Change.UPDATE, () -> Uni.createFrom().item("done"));

        update.await().indefinitely();
        update.await().indefinitely();

        assertThat(registry.get("wisp.controller.deployment")
                        .tags("change", "update", "result", "done")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void timesARevisionUntilItsOutcomeOnce() {
        ServiceSnapshot before = Stored.service(State.READY, State.PULLING, State.STARTING);
        StoredRevision ready = ended(2, State.READY);
        ServiceChange change = new ServiceChange(
                before.service(),
                List.of(Stored.revision(1, State.READY), ready, ended(3, State.PULLING)),
                List.of(),
                List.of());

        List<StoredRevision> settled = change.settled(before);
        meters.settled(settled);

        assertThat(settled).containsExactly(ready);
        Timer timer =
                registry.get("wisp.controller.rollout").tag("outcome", "ready").timer();
        assertThat(timer.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
    }

    private static StoredRevision ended(int number, State state) {
        return Stored.revision(number, state)
                .withProgress(new Progress(
                        state, "node-1", List.of(), null, Stored.CREATED, Stored.CREATED.plus(Duration.ofSeconds(3))));
    }

    private long transactions(String work, String result) {
        return registry.get("wisp.controller.transaction")
                .tags("work", work, "result", result)
                .timer()
                .count();
    }

    private static Uni<String> problem(ErrorCode code) {
        return Uni.createFrom().failure(new ProblemException(Problem.of(code, "no")));
    }

    private static void fail(Uni<String> work) {
        assertThat(work.onFailure().recoverWithItem("failed").await().indefinitely())
                .isEqualTo("failed");
    }
}
