package dev.wisp.gateway.routing;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.instance.InstanceEvent;
import dev.wisp.contracts.node.NodeStatus;
import dev.wisp.contracts.plan.EpochPolicy;
import dev.wisp.contracts.plan.RevisionPlan;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.route.Route;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway knows of the platform at one moment, each map under the key of its topic; immutable, so that event loops read it
 * without locks.
 *
 * @param instances those not gone
 */
public record PlatformView(
        Map<String, Route> routes,
        Map<String, RevisionSpec> revisions,
        Map<String, RevisionPlan> plans,
        Map<String, InstanceEvent> instances,
        Map<String, NodeStatus> nodes) {

    /** Nothing known yet. */
    public static final PlatformView EMPTY = new PlatformView(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

    public PlatformView {
        routes = routes == null ? Map.of() : Collections.unmodifiableMap(routes);
        revisions = revisions == null ? Map.of() : Collections.unmodifiableMap(revisions);
        plans = plans == null ? Map.of() : Collections.unmodifiableMap(plans);
        instances = instances == null ? Map.of() : Collections.unmodifiableMap(instances);
        nodes = nodes == null ? Map.of() : Collections.unmodifiableMap(nodes);
    }

    /**
     * One value that arrived, null being a tombstone.
     *
     * @param topic name of the topic
     */
    public record Change(String topic, String key, @Nullable Object value) {}

    /** The view after these changes, in order; a map that none of them touches is shared with this view. */
    public PlatformView with(List<Change> changes) {
        return new PlatformView(
                applied(routes, Route.class, Topics.ROUTES.name(), changes),
                applied(revisions, RevisionSpec.class, Topics.REVISIONS.name(), changes),
                applied(plans, RevisionPlan.class, Topics.PLANS.name(), changes),
                applied(instances, InstanceEvent.class, Topics.INSTANCES.name(), changes),
                applied(nodes, NodeStatus.class, Topics.NODES.name(), changes));
    }

    private static <T> Map<String, T> applied(
            Map<String, T> before, Class<T> type, String topic, List<Change> changes) {
        Map<String, T> after = null;
        for (Change change : changes) {
            if (change.topic().equals(topic)) {
                after = after == null ? new HashMap<>(before) : after;
                apply(after, change.key(), type.cast(change.value()));
            }
        }
        return after == null ? before : after;
    }

    private static <T> void apply(Map<String, T> values, String key, @Nullable T value) {
        if (value == null || isGone(value)) {
            values.remove(key);
        } else if (!isOlder(value, values.get(key))) {
            values.put(key, value);
        }
    }

    private static boolean isGone(Object value) {
        return value instanceof InstanceEvent event && event.state() == InstanceEvent.State.GONE;
    }

    /** A plan with a smaller epoch comes from an owner that was replaced. */
    private static boolean isOlder(Object value, @Nullable Object before) {
        return value instanceof RevisionPlan plan
                && before instanceof RevisionPlan known
                && !EpochPolicy.accepts(known.epoch(), plan.epoch());
    }
}
