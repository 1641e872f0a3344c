package dev.wisp.controller.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.route.Route;
import dev.wisp.controller.store.OutboxMessage;
import dev.wisp.controller.store.Progress.State;
import dev.wisp.controller.store.ServiceChange;
import dev.wisp.controller.store.ServiceSnapshot;
import dev.wisp.controller.store.Stored;
import dev.wisp.controller.store.StoredRevision;
import dev.wisp.controller.store.StoredService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RolloutPlannerTest {

    private static final RolloutSettings SETTINGS = new RolloutSettings("localhost", Duration.ofSeconds(10), 4);
    private static final Instant NOW = Stored.CREATED.plusSeconds(60);

    @Test
    void sendsTrafficToTheNewestReadyRevision() {
        ServiceChange change = plan(Stored.service(State.READY, State.READY, State.PULLING));

        assertThat(target(change)).isEqualTo(Stored.name(2));
        assertThat(change.service().latestReadyRevision()).isEqualTo(Stored.name(2));
        assertThat(change.messages())
                .contains(OutboxMessage.route(change.service().route()));
    }

    @Test
    void leavesTrafficWhereItIsWhenTheNewestFails() {
        ServiceSnapshot before = after(Stored.service(State.READY));

        ServiceChange change = plan(with(before, Stored.revision(2, State.FAILED)));

        assertThat(target(change)).isEqualTo(Stored.name(1));
        assertThat(change.revisions()).isEmpty();
    }

    @Test
    void withdrawsTheOldRevisionOnlyAfterTheGraceTime() {
        ServiceSnapshot switched = after(Stored.service(State.READY, State.READY));
        StoredRevision retiring = switched.revisions().getFirst();

        assertThat(retiring.retireAt()).isEqualTo(NOW.plusSeconds(10));
        assertThat(RolloutPlanner.plan(switched, SETTINGS, NOW.plusSeconds(9)).messages())
                .isEmpty();

        ServiceChange later = RolloutPlanner.plan(switched, SETTINGS, NOW.plusSeconds(10));
        assertThat(later.messages()).containsExactly(OutboxMessage.revisionGone(retiring.id()));
        assertThat(later.revisions()).containsExactly(retiring.withdrawn(NOW.plusSeconds(10)));
    }

    @Test
    void publishesAWithdrawnRevisionAgainWhenItIsPinnedAndMovesTrafficOnceItIsReady() {
        ServiceSnapshot both = Stored.service(State.READY, State.READY);
        StoredRevision withdrawn = both.revisions().getFirst().withdrawn(NOW);
        ServiceSnapshot before = after(new ServiceSnapshot(both.service(), List.of(withdrawn, both.latestCreated())));

        ServiceChange pinned = plan(pin(before, Stored.name(1)));

        assertThat(target(pinned)).isEqualTo(Stored.name(2));
        assertThat(pinned.messages()).containsExactly(OutboxMessage.revision(withdrawn.spec()));
        StoredRevision again = pinned.revisions().getFirst();
        assertThat(again).isEqualTo(withdrawn.republished(NOW));

        ServiceSnapshot ready = new ServiceSnapshot(
                pinned.service(),
                List.of(again.withProgress(Stored.revision(1, State.READY).progress()), both.latestCreated()));
        assertThat(target(plan(ready))).isEqualTo(Stored.name(1));
    }

    @Test
    void keepsANewerRevisionThatIsStillOnItsWay() {
        ServiceChange change = plan(Stored.service(State.READY, State.STARTING, State.PULLING));

        assertThat(change.revisions()).isEmpty();
    }

    @Test
    void tellsWhenNothingIsReadyYet() {
        ServiceSnapshot first = Stored.service(State.WAITING);
        Route unsaid = new Route(Stored.HOST, "n", "s", 0, List.of());
        ServiceSnapshot before = new ServiceSnapshot(first.service().withRollout(null, unsaid, NOW), first.revisions());

        ServiceChange change = plan(before);

        assertThat(change.messages())
                .containsExactly(OutboxMessage.route(new Route(Stored.HOST, "n", "s", 1, List.of())));
    }

    @Test
    void movesTheRouteWhenTheDomainChanges() {
        RolloutSettings other = new RolloutSettings("example.test", Duration.ZERO, 4);

        ServiceChange change = RolloutPlanner.plan(after(Stored.service(State.READY)), other, NOW);

        assertThat(change.messages())
                .containsExactly(OutboxMessage.route(change.service().route()), OutboxMessage.routeGone(Stored.HOST));
        assertThat(change.service().route().host()).isEqualTo("s.n.example.test");
    }

    @Test
    void forgetsTheOldestWithdrawnRevisionsBeyondTheBound() {
        ServiceSnapshot many =
                Stored.service(State.READY, State.READY, State.READY, State.READY, State.READY, State.READY);
        ServiceSnapshot retiring = after(many);

        ServiceChange change = RolloutPlanner.plan(retiring, SETTINGS, NOW.plusSeconds(10));

        assertThat(change.forgotten())
                .containsExactly(
                        many.revisions().get(0).uid(), many.revisions().get(1).uid());
        assertThat(change.revisions()).hasSize(3);
        assertThat(change.messages()).hasSize(5).allMatch(message -> message.value() == null);
    }

    /** Safety over random histories: traffic only on published ready revisions, and a plan of a plan is nothing. */
    @Test
    void keepsItsInvariantsOverRandomHistories() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            ServiceSnapshot snapshot = Stored.service(State.WAITING);
            Instant now = NOW;
            for (int step = 0; step < 20; step++) {
                now = now.plusSeconds(random.nextInt(8));
                ServiceSnapshot disturbed = disturbed(snapshot, random);
                snapshot = applied(disturbed, RolloutPlanner.plan(disturbed, SETTINGS, now));
                assertSafe(snapshot, seed);
                ServiceChange again = RolloutPlanner.plan(snapshot, SETTINGS, now);
                assertThat(again.messages()).as("seed %d", seed).isEmpty();
                assertThat(again.revisions()).as("seed %d", seed).isEmpty();
            }
        }
    }

    private static void assertSafe(ServiceSnapshot snapshot, long seed) {
        assertThat(snapshot.latestCreated().published()).as("seed %d", seed).isTrue();
        for (Route.Target target : snapshot.service().route().targets()) {
            StoredRevision revision =
                    snapshot.revision(target.revision().name()).orElseThrow(() -> new AssertionError("seed " + seed));
            assertThat(revision.published()).as("seed %d", seed).isTrue();
            assertThat(revision.progress().state()).as("seed %d", seed).isEqualTo(State.READY);
            assertThat(revision.retireAt()).as("seed %d", seed).isNull();
        }
    }

    /** A new revision, a report on one, or another pin. */
    private static ServiceSnapshot disturbed(ServiceSnapshot snapshot, Random random) {
        List<StoredRevision> revisions = new ArrayList<>(snapshot.revisions());
        int which = random.nextInt(revisions.size());
        StoredRevision chosen = revisions.get(which);
        return switch (random.nextInt(3)) {
            case 0 -> with(snapshot, Stored.revision((int) snapshot.service().revisionNumber() + 1, State.WAITING));
            case 1 -> {
                revisions.set(which, reported(chosen, random.nextBoolean() ? State.READY : State.FAILED));
                yield new ServiceSnapshot(snapshot.service(), revisions);
            }
            default -> pin(snapshot, random.nextBoolean() ? null : chosen.name());
        };
    }

    private static StoredRevision reported(StoredRevision revision, State state) {
        boolean open = revision.published() && revision.progress().state() != State.READY;
        return open
                ? revision.withProgress(
                        Stored.revision((int) revision.number(), state).progress())
                : revision;
    }

    private static @Nullable String target(ServiceChange change) {
        return change.service().route().targets().stream()
                .map(target -> target.revision().name())
                .findFirst()
                .orElse(null);
    }

    private static ServiceChange plan(ServiceSnapshot snapshot) {
        return RolloutPlanner.plan(snapshot, SETTINGS, NOW);
    }

    /** The service as the plan leaves it. */
    private static ServiceSnapshot after(ServiceSnapshot snapshot) {
        return applied(snapshot, plan(snapshot));
    }

    private static ServiceSnapshot applied(ServiceSnapshot planned, ServiceChange change) {
        Map<UUID, StoredRevision> changed = new HashMap<>();
        change.revisions().forEach(revision -> changed.put(revision.uid(), revision));
        List<StoredRevision> revisions = planned.revisions().stream()
                .filter(revision -> !change.forgotten().contains(revision.uid()))
                .map(revision -> changed.getOrDefault(revision.uid(), revision))
                .toList();
        return new ServiceSnapshot(change.service(), revisions);
    }

    private static ServiceSnapshot with(ServiceSnapshot snapshot, StoredRevision created) {
        List<StoredRevision> revisions = new ArrayList<>(snapshot.revisions());
        revisions.add(created);
        StoredService row =
                Stored.row((int) created.number(), snapshot.service().pinnedRevision());
        Route route = snapshot.service().route();
        Route next = new Route(route.host(), "n", "s", created.number(), route.targets());
        return new ServiceSnapshot(row.withRollout(snapshot.service().latestReadyRevision(), next, NOW), revisions);
    }

    private static ServiceSnapshot pin(ServiceSnapshot snapshot, @Nullable String pinned) {
        StoredService service = snapshot.service();
        StoredService row = Stored.row((int) service.revisionNumber(), pinned);
        return new ServiceSnapshot(
                row.withRollout(service.latestReadyRevision(), service.route(), NOW), snapshot.revisions());
    }
}
