package dev.wisp.billing.console;

import dev.wisp.billing.usage.ServiceName;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.route.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Services, routes and instances as their topics tell them, for the page alone: nothing is decided from it. Each map is bounded; past
 * the bound the entry known longest goes. Thread-safe.
 */
final class Fleet {

    static final int ENTRIES_MAX = 10_000;
    static final int GONE_MAX = 5;

    private final Map<RevisionId, RevisionSpec> revisions = bounded(ENTRIES_MAX);
    private final Map<String, Route> routes = bounded(ENTRIES_MAX);
    private final Map<String, InstanceEvent> instances = bounded(ENTRIES_MAX);
    private final Map<String, InstanceEvent> gone = bounded(GONE_MAX);
    private long version;

    /**
     * A deployed service.
     *
     * @param host null while it has no route
     * @param revision that serves most requests, or the newest while none does
     * @param deployedAt when its newest revision was made
     */
    record DeployedService(ServiceName name, @Nullable String host, String revision, Instant deployedAt) {}

    synchronized void revision(String key, @Nullable RevisionSpec spec) {
        version++;
        if (spec == null) {
            revisions.remove(RevisionId.parse(key));
        } else {
            revisions.put(spec.id(), spec);
        }
    }

    synchronized void route(String host, @Nullable Route route) {
        version++;
        if (route == null) {
            routes.remove(host);
        } else {
            routes.put(host, route);
        }
    }

    synchronized void instance(String id, @Nullable InstanceEvent event) {
        version++;
        if (event == null) {
            instances.remove(id);
        } else if (event.state() == InstanceEvent.State.GONE) {
            instances.remove(id);
            gone.put(id, event);
        } else {
            instances.put(id, event);
        }
    }

    /** Grows with every change. */
    synchronized long version() {
        return version;
    }

    /** Live ones, newest first, then those that went last. */
    synchronized List<InstanceView> instances() {
        List<InstanceView> views = new ArrayList<>(views(instances.values(), InstanceEvent::startedAt));
        views.addAll(views(gone.values(), InstanceEvent::at));
        return views;
    }

    synchronized List<DeployedService> services() {
        Map<ServiceName, RevisionSpec> newest = new TreeMap<>();
        for (RevisionSpec spec : revisions.values()) {
            newest.merge(
                    new ServiceName(spec.id().namespace(), spec.service()),
                    spec,
                    (one, other) -> one.createdAt().isAfter(other.createdAt()) ? one : other);
        }
        return newest.entrySet().stream()
                .map(entry -> deployed(entry.getKey(), entry.getValue()))
                .toList();
    }

    private DeployedService deployed(ServiceName name, RevisionSpec newest) {
        for (Route route : routes.values()) {
            if (route.namespace().equals(name.namespace()) && route.service().equals(name.name())) {
                String serving = route.targets().stream()
                        .max(Comparator.comparingInt(Route.Target::percent))
                        .map(target -> target.revision().name())
                        .orElse(newest.id().name());
                return new DeployedService(name, route.host(), serving, newest.createdAt());
            }
        }
        return new DeployedService(name, null, newest.id().name(), newest.createdAt());
    }

    private List<InstanceView> views(
            Collection<InstanceEvent> events, java.util.function.Function<InstanceEvent, Instant> time) {
        return events.stream()
                .sorted(Comparator.comparing(time).reversed())
                .map(event -> InstanceView.of(event, service(event.revision())))
                .toList();
    }

    /** An instance may outlive what is known of its revision; then the revision's own name stands for the service. */
    private String service(RevisionId id) {
        RevisionSpec spec = revisions.get(id);
        return spec == null ? id.name() : spec.service();
    }

    private static <K, V> Map<K, V> bounded(int max) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > max;
            }
        };
    }
}
