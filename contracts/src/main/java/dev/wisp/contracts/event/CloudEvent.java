package dev.wisp.contracts.event;

import dev.wisp.contracts.bus.WireJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A CloudEvent 1.0 whose data is JSON; a receiver knows a repeated one by source and id.
 *
 * @param source who tells, a URI reference
 * @param subject what it is about
 */
public record CloudEvent(String id, String source, String type, String subject, Instant time, Map<String, ?> data) {

    public static final String MEDIA_TYPE = "application/cloudevents+json";

    /** In the structured form. */
    public String json() {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("specversion", "1.0");
        event.put("id", id);
        event.put("source", source);
        event.put("type", type);
        event.put("subject", subject);
        event.put("time", time.toString());
        event.put("datacontenttype", "application/json");
        event.put("data", data);
        return new String(WireJson.write(event), StandardCharsets.UTF_8);
    }
}
