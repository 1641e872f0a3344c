package dev.wisp.controller.route;

import dev.wisp.contracts.route.Route;
import dev.wisp.controller.store.OutboxMessage;
import dev.wisp.controller.store.Progress.State;
import dev.wisp.controller.store.ServiceChange;
import dev.wisp.controller.store.ServiceSnapshot;
import dev.wisp.controller.store.StoredRevision;
import dev.wisp.controller.store.StoredService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides where the traffic of a service goes and which of its revisions nodes keep ready. Idempotent: planning on its own result
 * changes nothing until time passes.
 *
 * <p>Traffic goes to the pinned revision, else to the newest ready one, and stays where it is while that one is not ready. Published
 * stay: what has traffic, what is pinned, what was created last, and what is newer than the newest ready one and has not failed.
 * Everything else is withdrawn once the grace time has passed.
 */
public final class RolloutPlanner {

    private RolloutPlanner() {}

    public static ServiceChange plan(ServiceSnapshot snapshot, RolloutSettings settings, Instant now) {
        StoredRevision newestReady = newestReady(snapshot);
        StoredRevision target = target(snapshot, newestReady);
        List<OutboxMessage> messages = new ArrayList<>();
        Route route = route(snapshot.service(), target, settings);
        addRoute(snapshot.service().route(), route, messages);
        List<StoredRevision> changed = new ArrayList<>();
        Set<UUID> withdrawn = new HashSet<>();
        for (StoredRevision revision : snapshot.revisions()) {
            boolean kept = isKept(revision, snapshot, target, newestReady);
            StoredRevision after = kept ? kept(revision, snapshot, now) : unused(revision, settings, now);
            if (!after.equals(revision)) {
                changed.add(after);
            }
            if (after.published() && !revision.published()) {
                messages.add(OutboxMessage.revision(after.spec()));
            }
            if (!after.published()) {
                withdrawn.add(after.uid());
            }
            if (!after.published() && revision.published()) {
                messages.add(OutboxMessage.revisionGone(after.id()));
            }
        }
        List<UUID> forgotten = forgotten(snapshot.revisions(), withdrawn, settings.retainedMax());
        changed.removeIf(revision -> forgotten.contains(revision.uid()));
        String readyName = newestReady == null ? null : newestReady.name();
        return new ServiceChange(snapshot.service().withRollout(readyName, route, now), changed, forgotten, messages);
    }

    private static @Nullable StoredRevision newestReady(ServiceSnapshot snapshot) {
        return snapshot.revisions().stream()
                .filter(RolloutPlanner::serves)
                .max(Comparator.comparingLong(StoredRevision::number))
                .orElse(null);
    }

    private static @Nullable StoredRevision target(ServiceSnapshot snapshot, @Nullable StoredRevision newestReady) {
        String pinned = snapshot.service().pinnedRevision();
        StoredRevision wanted = pinned == null
                ? newestReady
                : snapshot.revision(pinned).filter(RolloutPlanner::serves).orElse(null);
        return wanted == null ? current(snapshot) : wanted;
    }

    private static @Nullable StoredRevision current(ServiceSnapshot snapshot) {
        return snapshot.service().route().targets().stream()
                .findFirst()
                .flatMap(target -> snapshot.revision(target.revision().name()))
                .orElse(null);
    }

    private static boolean serves(StoredRevision revision) {
        return revision.published() && revision.progress().state() == State.READY;
    }

    private static Route route(StoredService service, @Nullable StoredRevision target, RolloutSettings settings) {
        List<Route.Target> targets = target == null ? List.of() : List.of(new Route.Target(target.id(), 100, null));
        return new Route(
                settings.host(service.namespace(), service.name()),
                service.namespace(),
                service.name(),
                service.generation(),
                targets);
    }

    private static void addRoute(Route before, Route after, List<OutboxMessage> messages) {
        if (!before.equals(after)) {
            messages.add(OutboxMessage.route(after));
        }
        if (!before.host().equals(after.host())) {
            messages.add(OutboxMessage.routeGone(before.host()));
        }
    }

    private static boolean isKept(
            StoredRevision revision,
            ServiceSnapshot snapshot,
            @Nullable StoredRevision target,
            @Nullable StoredRevision newestReady) {
        boolean used = revision.equals(target)
                || revision.name().equals(snapshot.service().pinnedRevision())
                || revision.name().equals(snapshot.service().latestCreatedRevision());
        if (used || !revision.published()) {
            return used;
        }
        boolean hopeful = revision.progress().state() != State.FAILED
                && revision.progress().state() != State.DEADLINE_EXCEEDED;
        return hopeful && (newestReady == null || revision.number() >= newestReady.number());
    }

    private static StoredRevision kept(StoredRevision revision, ServiceSnapshot snapshot, Instant now) {
        boolean pinned = revision.name().equals(snapshot.service().pinnedRevision());
        if (!revision.published() && pinned) {
            return revision.republished(now);
        }
        return revision.retireAt() == null ? revision : revision.retiringAt(null);
    }

    private static StoredRevision unused(StoredRevision revision, RolloutSettings settings, Instant now) {
        if (!revision.published()) {
            return revision;
        }
        Instant retireAt = revision.retireAt() == null ? now.plus(settings.retireGrace()) : revision.retireAt();
        return retireAt.isAfter(now) ? revision.retiringAt(retireAt) : revision.withdrawn(now);
    }

    private static List<UUID> forgotten(List<StoredRevision> revisions, Set<UUID> withdrawn, int retainedMax) {
        return revisions.stream()
                .map(StoredRevision::uid)
                .filter(withdrawn::contains)
                .limit(Math.max(0, revisions.size() - retainedMax))
                .toList();
    }
}
