package dev.wisp.controller.serving;

import dev.wisp.contracts.route.Route;
import dev.wisp.controller.revision.Condition;
import dev.wisp.controller.revision.Condition.Status;
import dev.wisp.controller.revision.ConditionPolicy;
import dev.wisp.controller.store.ServiceSnapshot;
import dev.wisp.controller.store.StoredRevision;
import dev.wisp.controller.store.StoredService;
import java.util.List;
import java.util.Optional;

/** Says how a service is, in conditions. */
final class ServiceConditionPolicy {

    static final String READY = "Ready";
    static final String CONFIGURATIONS_READY = "ConfigurationsReady";
    static final String ROUTES_READY = "RoutesReady";

    private ServiceConditionPolicy() {}

    /** {@code Ready} first, then the two it sums up: is the latest revision ready, and does traffic go where it should. */
    static List<Condition> conditions(ServiceSnapshot snapshot) {
        Condition configurations = configurations(snapshot);
        Condition routes = routes(snapshot, configurations);
        Condition worst =
                configurations.status() == Status.FALSE || routes.status() == Status.TRUE ? configurations : routes;
        return List.of(worst.as(READY), configurations, routes);
    }

    private static Condition configurations(ServiceSnapshot snapshot) {
        Condition revision = ConditionPolicy.ready(snapshot.latestCreated());
        return named(revision, CONFIGURATIONS_READY, snapshot.latestCreated().name());
    }

    private static Condition routes(ServiceSnapshot snapshot, Condition configurations) {
        StoredService service = snapshot.service();
        List<Route.Target> targets = service.route().targets();
        String pinned = service.pinnedRevision();
        if (pinned == null) {
            return targets.isEmpty()
                    ? configurations.as(ROUTES_READY)
                    : Condition.holds(ROUTES_READY, service.routedAt());
        }
        if (targets.stream().anyMatch(target -> target.revision().name().equals(pinned))) {
            return Condition.holds(ROUTES_READY, service.routedAt());
        }
        Optional<StoredRevision> wanted = snapshot.revision(pinned);
        return wanted.map(revision -> named(ConditionPolicy.ready(revision), ROUTES_READY, pinned))
                .orElseGet(() -> new Condition(
                        ROUTES_READY,
                        Status.FALSE,
                        "RevisionMissing",
                        "revision %s does not exist".formatted(pinned),
                        service.routedAt()));
    }

    private static Condition named(Condition condition, String type, String revision) {
        if (condition.status() == Status.TRUE) {
            return condition.as(type);
        }
        return new Condition(
                type,
                condition.status(),
                condition.reason(),
                "revision %s: %s".formatted(revision, condition.message()),
                condition.since());
    }
}
