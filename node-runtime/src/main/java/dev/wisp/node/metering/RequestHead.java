package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.WispHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The request's head as the container gets it. */
final class RequestHead {

    private RequestHead() {}

    /** How the body is framed towards the container. */
    enum Body {
        NONE,
        LENGTH,
        CHUNKED
    }

    /** Whether the caller can be told that nothing follows the head; of HTTP/2 without a length only its next frame tells. */
    static boolean isBodyUndecided(HttpServerRequest request) {
        return request.version() == io.vertx.core.http.HttpVersion.HTTP_2
                && !request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                && !request.headers().contains(HttpHeaderNames.EXPECT);
    }

    /** What becomes of the request's wish for another protocol; HTTP/2 knows no such wish. */
    static UpgradePolicy.Verdict upgrade(HttpServerRequest request) {
        if (request.version() == io.vertx.core.http.HttpVersion.HTTP_2
                || !request.headers().contains(HttpHeaderNames.UPGRADE)) {
            return UpgradePolicy.Verdict.IGNORE;
        }
        boolean bare = request.version() == io.vertx.core.http.HttpVersion.HTTP_1_1
                && request.method().equals(io.vertx.core.http.HttpMethod.GET)
                && body(request) == Body.NONE;
        return UpgradePolicy.decide(
                request.getHeader(HttpHeaderNames.UPGRADE),
                UpgradePolicy.isNominated(request.headers().getAll(HttpHeaderNames.CONNECTION)),
                bare);
    }

    static Body body(HttpServerRequest request) {
        if (request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return Body.CHUNKED;
        }
        if (request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return Body.LENGTH;
        }
        // Who expects to be told to continue has something to continue with.
        return request.headers().contains(HttpHeaderNames.EXPECT) ? Body.CHUNKED : Body.NONE;
    }

    static HttpRequest build(
            HttpServerRequest request, Dispatch dispatch, Body body, boolean trustForwarding, long deadlineMillis) {
        HttpRequest head = new DefaultHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.valueOf(request.method().name()), target(request.uri()));
        copy(request, head.headers(), trustForwarding);
        HttpHeaders headers = head.headers();
        String host = host(request);
        headers.set(HttpHeaderNames.HOST, host);
        if (!trustForwarding || !headers.contains("forwarded")) {
            Map<String, String> forwarding =
                    HeaderPolicy.forwarding(request.remoteAddress().hostAddress(), host, scheme(request));
            forwarding.forEach(headers::set);
        }
        headers.set(WispHeaders.INVOCATION_ID, dispatch.invocationId().toString());
        headers.set(WispHeaders.DEADLINE, Long.toString(deadlineMillis));
        if (upgrade(request) == UpgradePolicy.Verdict.ASK) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
            headers.set(HttpHeaderNames.UPGRADE, request.getHeader(HttpHeaderNames.UPGRADE));
        }
        if (body == Body.CHUNKED) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return head;
    }

    private static void copy(HttpServerRequest request, HttpHeaders headers, boolean trustForwarding) {
        Set<String> dropped =
                HeaderPolicy.droppedFromRequest(request.headers().getAll(HttpHeaderNames.CONNECTION), trustForwarding);
        for (Map.Entry<String, String> header : request.headers()) {
            String name = header.getKey();
            String lower = name.toLowerCase(Locale.ROOT);
            if (dropped.contains(lower) || lower.startsWith(":")) {
                continue;
            }
            // HTTP/2 may split cookies into several fields; HTTP/1.1 has one.
            if (lower.equals("cookie") && headers.contains(name)) {
                headers.set(name, headers.get(name) + "; " + header.getValue());
            } else {
                headers.add(name, header.getValue());
            }
        }
    }

    private static String host(HttpServerRequest request) {
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (host != null) {
            return host;
        }
        HostAndPort authority = request.authority();
        return authority == null ? "" : authority.toString();
    }

    private static String scheme(HttpServerRequest request) {
        return "https".equals(request.scheme()) ? "https" : "http";
    }

    /** A request in absolute form becomes one in origin form. */
    private static String target(String uri) {
        int scheme = uri.startsWith("/") ? -1 : uri.indexOf("://");
        if (scheme < 0) {
            return uri;
        }
        int path = uri.indexOf('/', scheme + 3);
        return path < 0 ? "/" : uri.substring(path);
    }
}
