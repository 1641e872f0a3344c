package dev.wisp.billing.console;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which requests the page may have sent: the connection and the service it goes to are not the page's to choose. */
final class TestCallPolicy {

    static final int PATH_CHARACTERS_MAX = 4_096;
    static final int HEADERS_MAX = 50;
    static final int HEADER_CHARACTERS_MAX = 4_096;
    static final int BODY_CHARACTERS_MAX = 256 << 10;

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final Set<String> NOT_YOURS = Set.of(
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "upgrade",
            "te",
            "trailer",
            "expect",
            "keep-alive",
            "proxy-connection");

    private TestCallPolicy() {}

    /** Null when it may be sent, else what is wrong with it. */
    static @Nullable String refusal(TestCall call) {
        if (!METHODS.contains(method(call))) {
            return "method must be one of GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS";
        }
        String path = path(call);
        if (!path.startsWith("/") || path.length() > PATH_CHARACTERS_MAX || !path.matches("[!-~]+")) {
            return "path must start with / and have at most %d visible ASCII characters".formatted(PATH_CHARACTERS_MAX);
        }
        if (call.body() != null && call.body().length() > BODY_CHARACTERS_MAX) {
            return "body must have at most %d characters".formatted(BODY_CHARACTERS_MAX);
        }
        return headers(call.headers() == null ? Map.of() : call.headers());
    }

    static String method(TestCall call) {
        return call.method() == null ? "GET" : call.method();
    }

    static String path(TestCall call) {
        return call.path() == null || call.path().isEmpty() ? "/" : call.path();
    }

    private static @Nullable String headers(Map<String, String> headers) {
        if (headers.size() > HEADERS_MAX) {
            return "at most %d headers can be sent".formatted(HEADERS_MAX);
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String refusal = header(header.getKey(), header.getValue());
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private static @Nullable String header(String name, @Nullable String value) {
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")) {
            return "a header's name must be 1..100 characters of a token";
        }
        if (NOT_YOURS.contains(name.toLowerCase(Locale.ROOT))) {
            return "header %s cannot be chosen: it belongs to the connection".formatted(name);
        }
        if (value == null || value.length() > HEADER_CHARACTERS_MAX || !value.matches("[\\t -~]*")) {
            return "header %s must have at most %d visible ASCII characters".formatted(name, HEADER_CHARACTERS_MAX);
        }
        return null;
    }
}
