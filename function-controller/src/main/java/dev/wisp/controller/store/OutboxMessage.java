package dev.wisp.controller.store;

import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.contracts.route.Route;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told to the other services, stored with the change it tells of.
 *
 * @param value JSON as it goes on the wire; null is a tombstone
 */
public record OutboxMessage(
        String topic, String key, @Nullable String value) {

    public static OutboxMessage revision(RevisionSpec spec) {
        return new OutboxMessage(Topics.REVISIONS.name(), spec.id().toString(), json(spec));
    }

    public static OutboxMessage revisionGone(RevisionId id) {
        return new OutboxMessage(Topics.REVISIONS.name(), id.toString(), null);
    }

    public static OutboxMessage route(Route route) {
        return new OutboxMessage(Topics.ROUTES.name(), route.host(), json(route));
    }

    public static OutboxMessage routeGone(String host) {
        return new OutboxMessage(Topics.ROUTES.name(), host, null);
    }

    private static String json(Object value) {
        return new String(WireJson.write(value), StandardCharsets.UTF_8);
    }
}
