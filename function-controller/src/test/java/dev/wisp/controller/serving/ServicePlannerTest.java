package dev.wisp.controller.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.AsyncSpec;
import dev.wisp.contracts.revision.ImageRef;
import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.RevisionSpec.Protocol;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.route.Route;
import dev.wisp.controller.policy.Workload;
import dev.wisp.controller.revision.PinnedImage;
import dev.wisp.controller.route.RolloutSettings;
import dev.wisp.controller.store.OutboxMessage;
import dev.wisp.controller.store.Progress;
import dev.wisp.controller.store.Progress.State;
import dev.wisp.controller.store.ServiceChange;
import dev.wisp.controller.store.ServiceSnapshot;
import dev.wisp.controller.store.Stored;
import dev.wisp.controller.store.StoredRevision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ServicePlannerTest {

    private static final Instant NOW = Stored.CREATED.plusSeconds(60);
    private static final ServicePlanner.Context CONTEXT = new ServicePlanner.Context(
            new RolloutSettings("localhost", Duration.ofSeconds(10), 4), NOW, new UUID(1, 0), new UUID(3, 0));
    private static final PinnedImage IMAGE = new PinnedImage(
            new ImageRef("i", "r/i", "sha256:1", false), List.of("/x"), List.of(), Map.of(), "", "", "", List.of());

    @Test
    void makesTheFirstRevisionAndTellsOfItBeforeTheRoute() {
        ServiceChange change = ServicePlanner.create(desired("t1", null, null), IMAGE, CONTEXT);

        StoredRevision revision = change.revisions().getFirst();
        assertThat(revision.name()).isEqualTo("s-00001");
        assertThat(revision.progress()).isEqualTo(Progress.waiting(NOW));
        assertThat(revision.published()).isTrue();
        assertThat(change.service().generation()).isEqualTo(1);
        assertThat(change.messages())
                .containsExactly(
                        OutboxMessage.revision(revision.spec()),
                        OutboxMessage.route(new Route("s.n.localhost", "n", "s", 1, List.of())));
    }

    @Test
    void makesNoRevisionWhenTheTemplateIsTheSame() {
        ServiceSnapshot before = deployed();

        ServiceChange change = ServicePlanner.update(before, desired("t1", null, null), null, CONTEXT);

        assertThat(ServicePlanner.needsImage(before, desired("t1", null, null))).isFalse();
        assertThat(change.revisions()).isEmpty();
        assertThat(change.messages()).isEmpty();
        assertThat(change.service().generation()).isEqualTo(1);
    }

    @Test
    void makesTheNextRevisionWhenTheTemplateChanges() {
        ServiceChange change = ServicePlanner.update(deployed(), desired("t2", null, null), IMAGE, CONTEXT);

        assertThat(change.service().latestCreatedRevision()).isEqualTo("s-00002");
        assertThat(change.service().generation()).isEqualTo(2);
        assertThat(change.revisions()).extracting(StoredRevision::name).containsExactly("s-00002");
        assertThat(change.service().route().targets())
                .isEqualTo(deployed().service().route().targets());
    }

    @Test
    void passesOverNumbersThatAreTaken() {
        ServiceChange named = ServicePlanner.update(deployed(), desired("t2", "s-00003", null), IMAGE, CONTEXT);
        ServiceSnapshot before = new ServiceSnapshot(
                named.service(),
                List.of(deployed().latestCreated(), named.revisions().getFirst()));

        ServiceChange change = ServicePlanner.update(before, desired("t3", null, null), IMAGE, CONTEXT);

        assertThat(change.service().latestCreatedRevision()).isEqualTo("s-00004");
    }

    @Test
    void refusesToChangeARevisionThatHasAName() {
        refused("E1801", () -> ServicePlanner.update(deployed(), desired("t2", "s-00001", null), IMAGE, CONTEXT));
    }

    @Test
    void refusesToPinWhatDoesNotExist() {
        refused("E1801", () -> ServicePlanner.update(deployed(), desired("t1", null, "s-9"), null, CONTEXT));
    }

    @Test
    void pinsTheRevisionThatIsBeingMade() {
        ServiceChange change = ServicePlanner.update(deployed(), desired("t2", "s-two", "s-two"), IMAGE, CONTEXT);

        assertThat(change.service().pinnedRevision()).isEqualTo("s-two");
    }

    @Test
    void refusesAClientThatHasSeenAnotherState() {
        refused("E1804", () -> ServicePlanner.checkSeen(deployed(), null, "4"));
        refused("E1804", () -> ServicePlanner.checkSeen(deployed(), new UUID(9, 9).toString(), null));
        ServicePlanner.checkSeen(deployed(), new UUID(1, 0).toString(), "0");
    }

    @Test
    void refusesAnUpdateWhoseTemplateChangedSinceItWasLookedAt() {
        refused("E1804", () -> ServicePlanner.update(deployed(), desired("t2", null, null), null, CONTEXT));
    }

    @Test
    void withdrawsTheRouteFirstWhenAServiceGoes() {
        assertThat(ServicePlanner.delete(deployed()))
                .containsExactly(
                        OutboxMessage.routeGone("s.n.localhost"),
                        OutboxMessage.revisionGone(deployed().latestCreated().id()));
    }

    private static void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(ProblemException.class).hasMessageStartingWith(code);
    }

    /** A service whose first revision, with template t1, is ready. */
    private static ServiceSnapshot deployed() {
        ServiceChange created = ServicePlanner.create(
                desired("t1", null, null),
                IMAGE,
                new ServicePlanner.Context(CONTEXT.settings(), Stored.CREATED, new UUID(1, 0), new UUID(2, 0)));
        StoredRevision ready = created.revisions()
                .getFirst()
                .withProgress(Stored.revision(1, State.READY).progress());
        Route route = new Route("s.n.localhost", "n", "s", 1, List.of(new Route.Target(ready.id(), 100, null)));
        return new ServiceSnapshot(created.service().withRollout("s-00001", route, Stored.CREATED), List.of(ready));
    }

    private static DesiredService desired(String template, @Nullable String name, @Nullable String pinned) {
        Workload workload = new Workload(
                "i",
                List.of(),
                List.of(),
                Map.of(),
                null,
                null,
                List.of(),
                List.of(),
                8080,
                Protocol.HTTP1,
                new Limits(1000, 256L << 20, 512, 64L << 20),
                0,
                300_000,
                10_000,
                ScalingSpec.DEFAULT,
                NetworkSpec.NONE,
                AsyncSpec.DEFAULT,
                PlacementSpec.ANYWHERE,
                Map.of());
        return new DesiredService("n", "s", null, null, "{}", template + pinned, template, workload, name, pinned);
    }
}
