package dev.wisp.gateway.async;

import dev.wisp.contracts.async.AsyncCall;
import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.async.AsyncResult;
import dev.wisp.contracts.async.HeaderField;
import dev.wisp.contracts.async.Payload;
import dev.wisp.contracts.event.CloudEvent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a call ended, as an event for its destination. */
final class OutcomeEvent {

    static final String SUCCEEDED = "dev.wisp.invocation.succeeded.v1";
    static final String FAILED = "dev.wisp.invocation.failed.v1";

    /** Longest body of an answer that an event carries; with escapes and base64 the whole still fits a message of Kafka's. */
    static final int BODY_BYTES_MAX = 128 << 10;

    private OutcomeEvent() {}

    /** The event as JSON; its id is that of the delivery, the same for each try. */
    static String json(String deliveryId, AsyncInvocation invocation, AsyncCall call, AsyncResult result) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("invocationId", invocation.id());
        data.put("namespace", invocation.namespace());
        data.put("service", invocation.service());
        data.put("acceptedAt", invocation.acceptedAt().toString());
        data.put("endedAt", result.endedAt().toString());
        data.put("attempts", result.attempts());
        if (result.failure() != null) {
            data.put("failure", result.failure());
        }
        data.put("request", Map.of("method", call.method(), "uri", call.uri()));
        if (result.status() != 0) {
            data.put("response", response(result));
        }
        String source = "/namespaces/%s/services/%s".formatted(invocation.namespace(), invocation.service());
        String type = result.succeeded() ? SUCCEEDED : FAILED;
        return new CloudEvent(deliveryId, source, type, invocation.id(), result.endedAt(), data).json();
    }

    private static Map<String, Object> response(AsyncResult result) {
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("status", result.status());
        String type = contentType(result.headers());
        if (type != null) {
            response.put("contentType", type);
        }
        if (!result.bodyKept() || result.body().length() > BODY_BYTES_MAX) {
            response.put("bodyOmitted", true);
        } else {
            String text = text(result.body());
            response.put(text == null ? "bodyBase64" : "body", text == null ? base64(result.body()) : text);
        }
        return response;
    }

    private static @Nullable String contentType(List<HeaderField> fields) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase("content-type"))
                .map(HeaderField::value)
                .findFirst()
                .orElse(null);
    }

    private static String base64(Payload body) {
        return Base64.getEncoder().encodeToString(body.bytes());
    }

    /** Null when it is not plain text in UTF-8: control letters take six letters each in JSON. */
    private static @Nullable String text(Payload body) {
        for (byte letter : body.bytes()) {
            if (letter >= 0 && letter < ' ' && letter != '\n' && letter != '\r' && letter != '\t') {
                return null;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
