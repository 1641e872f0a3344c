package dev.wisp.contracts.dataplane;

/**
 * A request's method as metrics and spans name it: one of nine, or {@code _OTHER}, so that callers cannot make labels. Source:
 * OpenTelemetry's semantic conventions for HTTP, {@code http.request.method}.
 */
public enum RequestMethod {
    GET,
    HEAD,
    POST,
    PUT,
    PATCH,
    DELETE,
    OPTIONS,
    CONNECT,
    TRACE,
    OTHER;

    /** Methods are case-sensitive: {@code get} is another one. Allocates nothing. */
    public static RequestMethod of(String method) {
        return switch (method) {
            case "GET" -> GET;
            case "HEAD" -> HEAD;
            case "POST" -> POST;
            case "PUT" -> PUT;
            case "PATCH" -> PATCH;
            case "DELETE" -> DELETE;
            case "OPTIONS" -> OPTIONS;
            case "CONNECT" -> CONNECT;
            case "TRACE" -> TRACE;
            default -> OTHER;
        };
    }

    public String label() {
        return this == OTHER ? "_OTHER" : name();
    }
}
