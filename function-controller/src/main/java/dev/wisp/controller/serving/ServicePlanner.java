package dev.wisp.controller.serving;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.Problem.FieldError;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.route.Route;
import dev.wisp.controller.policy.Names;
import dev.wisp.controller.revision.PinnedImage;
import dev.wisp.controller.revision.RevisionPlanner;
import dev.wisp.controller.route.RolloutPlanner;
import dev.wisp.controller.route.RolloutSettings;
import dev.wisp.controller.store.OutboxMessage;
import dev.wisp.controller.store.Progress;
import dev.wisp.controller.store.ServiceChange;
import dev.wisp.controller.store.ServiceSnapshot;
import dev.wisp.controller.store.StoredRevision;
import dev.wisp.controller.store.StoredService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Plans what a client's request does to a service: which revision it makes, where traffic goes, what the others are told. */
final class ServicePlanner {

    private ServicePlanner() {}

    /** What a plan needs besides its objects: identities and time come from outside. */
    record Context(RolloutSettings settings, Instant now, UUID serviceUid, UUID revisionUid) {}

    /** A new service with its first revision. */
    static ServiceChange create(DesiredService desired, PinnedImage image, Context context) {
        Instant now = context.now();
        Route none = new Route(
                context.settings().host(desired.namespace(), desired.name()),
                desired.namespace(),
                desired.name(),
                0,
                List.of());
        StoredService empty = new StoredService(
                context.serviceUid(),
                desired.namespace(),
                desired.name(),
                0,
                0,
                now,
                desired.metadata(),
                desired.spec(),
                0,
                "",
                null,
                null,
                none,
                now);
        return withRevision(new ServiceSnapshot(empty, List.of()), desired, image, context);
    }

    /** Whether an update makes a revision, for which the image must be known. */
    static boolean needsImage(ServiceSnapshot snapshot, DesiredService desired) {
        return !snapshot.latestCreated().template().equals(desired.template());
    }

    /** Fails with E1804 when the client has not seen the service as it is now. */
    static void checkSeen(ServiceSnapshot snapshot, @Nullable String uid, @Nullable String resourceVersion) {
        StoredService service = snapshot.service();
        String id = service.namespace() + "/" + service.name();
        if (uid != null && !uid.equals(service.uid().toString())) {
            throw conflict("service %s is not the one with uid %s: it was deleted and made again".formatted(id, uid));
        }
        if (resourceVersion != null && !resourceVersion.equals(Long.toString(service.resourceVersion()))) {
            throw conflict("service %s was changed: its resourceVersion is %d, the request has %s"
                    .formatted(id, service.resourceVersion(), resourceVersion));
        }
    }

    /** A changed service; {@code image} is null when the template was the same as the latest revision's. */
    static ServiceChange update(
            ServiceSnapshot snapshot, DesiredService desired, @Nullable PinnedImage image, Context context) {
        checkSeen(snapshot, desired.uid(), desired.resourceVersion());
        if (!needsImage(snapshot, desired)) {
            checkPinned(snapshot, desired, null);
            StoredService service = changed(
                    snapshot.service(),
                    desired,
                    snapshot.service().revisionNumber(),
                    snapshot.service().latestCreatedRevision());
            return RolloutPlanner.plan(
                    new ServiceSnapshot(service, snapshot.revisions()), context.settings(), context.now());
        }
        if (image == null) {
            throw conflict("service %s/%s was changed at the same time".formatted(desired.namespace(), desired.name()));
        }
        return withRevision(snapshot, desired, image, context);
    }

    /** What the others are told when a service goes. */
    static List<OutboxMessage> delete(ServiceSnapshot snapshot) {
        List<OutboxMessage> messages = new ArrayList<>();
        messages.add(OutboxMessage.routeGone(snapshot.service().route().host()));
        snapshot.revisions().stream()
                .filter(StoredRevision::published)
                .forEach(revision -> messages.add(OutboxMessage.revisionGone(revision.id())));
        return messages;
    }

    private static ServiceChange withRevision(
            ServiceSnapshot snapshot, DesiredService desired, PinnedImage image, Context context) {
        long number = freeNumber(snapshot);
        String name = desired.revisionName() == null ? Names.revision(desired.name(), number) : desired.revisionName();
        checkFree(snapshot, name);
        checkPinned(snapshot, desired, name);
        StoredService service = changed(snapshot.service(), desired, number, name);
        StoredRevision revision = revision(service, desired, image, context);
        List<StoredRevision> revisions = new ArrayList<>(snapshot.revisions());
        revisions.add(revision);
        return RolloutPlanner.plan(new ServiceSnapshot(service, revisions), context.settings(), context.now())
                .after(revision, List.of(OutboxMessage.revision(revision.spec())));
    }

    private static StoredRevision revision(
            StoredService service, DesiredService desired, PinnedImage image, Context context) {
        RevisionId id = new RevisionId(service.namespace(), service.latestCreatedRevision());
        RevisionPlanner.Identity identity =
                new RevisionPlanner.Identity(id, service.name(), service.uid(), context.now());
        return new StoredRevision(
                context.revisionUid(),
                id,
                service.uid(),
                service.revisionNumber(),
                service.generation(),
                0,
                context.now(),
                desired.template(),
                RevisionPlanner.plan(identity, image, desired.workload()),
                Progress.waiting(context.now()),
                true,
                context.now(),
                null);
    }

    private static StoredService changed(
            StoredService before, DesiredService desired, long revisionNumber, String latestCreated) {
        boolean same = before.spec().equals(desired.spec()) && before.generation() > 0;
        return new StoredService(
                before.uid(),
                before.namespace(),
                before.name(),
                before.resourceVersion(),
                same ? before.generation() : before.generation() + 1,
                before.createdAt(),
                desired.metadata(),
                desired.spec(),
                revisionNumber,
                latestCreated,
                before.latestReadyRevision(),
                desired.pinnedRevision(),
                before.route(),
                before.routedAt());
    }

    /** The next number whose name is not taken by a revision that a client named. */
    private static long freeNumber(ServiceSnapshot snapshot) {
        long number = snapshot.service().revisionNumber() + 1;
        while (snapshot.revision(Names.revision(snapshot.service().name(), number))
                .isPresent()) {
            number++;
        }
        return number;
    }

    private static void checkFree(ServiceSnapshot snapshot, String name) {
        if (snapshot.revision(name).isPresent()) {
            throw invalid(
                    "/spec/template/metadata/name",
                    "revision %s exists and never changes; give the changed template another name".formatted(name));
        }
    }

    private static void checkPinned(ServiceSnapshot snapshot, DesiredService desired, @Nullable String created) {
        String pinned = desired.pinnedRevision();
        if (pinned != null
                && !pinned.equals(created)
                && snapshot.revision(pinned).isEmpty()) {
            throw invalid(
                    "/spec/traffic/0/revisionName", "service %s has no revision %s".formatted(desired.name(), pinned));
        }
    }

    private static ProblemException invalid(String pointer, String detail) {
        return new ProblemException(Problem.of(ErrorCode.INVALID, "the service is not valid: %s".formatted(detail))
                .withErrors(List.of(new FieldError(pointer, detail))));
    }

    private static ProblemException conflict(String detail) {
        return new ProblemException(
                Problem.of(ErrorCode.CONFLICT, detail).withHint("read the service again and repeat the change on it"));
    }
}
