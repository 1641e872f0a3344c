package dev.wisp.gateway.async;

import dev.wisp.contracts.async.HeaderField;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which fields of a head are kept with a call or a result. */
final class StoredHead {

    /** Tells a workload that it has seen a call before. */
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final String PREFER = "prefer";
    private static final int SECONDS_DIGITS_MAX = 6;

    /** What belongs to one connection, or is written anew for each. */
    private static final Set<String> DROPPED = Set.of(
            "host",
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "expect",
            "content-length");

    private StoredHead() {}

    static boolean isStored(String name) {
        return !DROPPED.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":");
    }

    /** Of a request: its other preferences stay, this one is honoured. */
    static List<HeaderField> of(MultiMap headers) {
        List<HeaderField> fields = new ArrayList<>();
        for (Map.Entry<String, String> field : headers) {
            boolean honoured = field.getKey().equalsIgnoreCase(PREFER) && Preference.isAsync(field.getValue());
            if (isStored(field.getKey()) && !honoured) {
                fields.add(new HeaderField(field.getKey(), field.getValue()));
            }
        }
        return fields;
    }

    /** What {@code Content-Length} says, which the decoder has checked; what no number holds is too much for anybody. */
    static long length(String contentLength) {
        try {
            return Long.parseLong(contentLength);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Whether a body follows whose length nobody has told. */
    static boolean hasUndeclaredBody(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2 || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    /** {@code Retry-After} in seconds, 0 for a date or anything else. */
    static long seconds(@Nullable String retryAfter) {
        if (retryAfter == null || retryAfter.isEmpty() || retryAfter.length() > SECONDS_DIGITS_MAX) {
            return 0;
        }
        return retryAfter.chars().allMatch(c -> c >= '0' && c <= '9') ? Long.parseLong(retryAfter) : 0;
    }
}
