package dev.wisp.cli.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.wisp.cli.console.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Reads what matters out of a Knative Service. */
public final class Services {

    private Services() {}

    public static String name(JsonNode service) {
        return service.path("metadata").path("name").asText();
    }

    public static String url(JsonNode service) {
        return service.path("status").path("url").asText();
    }

    static String latestRevision(JsonNode service) {
        return service.path("status").path("latestCreatedRevisionName").asText();
    }

    static JsonNode condition(JsonNode service, String type) {
        for (JsonNode condition : service.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    /** {@code 100% hello-00002}, empty when nothing serves. */
    static String traffic(JsonNode service) {
        List<String> targets = new ArrayList<>();
        for (JsonNode target : service.path("status").path("traffic")) {
            targets.add("%d%% %s"
                    .formatted(
                            target.path("percent").asInt(),
                            target.path("revisionName").asText()));
        }
        return String.join(", ", targets);
    }

    static String image(JsonNode service) {
        return service.path("spec")
                .path("template")
                .path("spec")
                .path("containers")
                .path(0)
                .path("image")
                .asText();
    }

    /** How long ago an RFC 3339 instant was; empty when there is none. */
    static String age(JsonNode instant, Instant now) {
        try {
            return Units.age(Duration.between(Instant.parse(instant.asText()), now));
        } catch (DateTimeParseException e) {
            return "";
        }
    }
}
