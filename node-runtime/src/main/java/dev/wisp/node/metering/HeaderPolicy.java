package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.WispHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers go through the proxy: nothing that belongs to one connection only, and no one's copies of Wisp's own. */
final class HeaderPolicy {

    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    private static final Set<String> PLATFORM = Set.of(
            WispHeaders.INVOCATION_ID,
            WispHeaders.REVISION,
            WispHeaders.COLD_START,
            WispHeaders.BILLED_DURATION,
            WispHeaders.CPU_TIME,
            WispHeaders.COST,
            WispHeaders.SERVER_TIMING,
            WispHeaders.DEADLINE,
            WispHeaders.ASYNC_CALL,
            "x-wisp-dispatch",
            "x-wisp-refused",
            HttpAnswer.FAILED);

    private static final Set<String> FORWARDING =
            Set.of("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port");

    private static final Set<String> FROM_RESPONSE = union(HOP_BY_HOP, PLATFORM);
    private static final Set<String> FROM_TRUSTED_REQUEST = union(FROM_RESPONSE, Set.of("expect"));
    private static final Set<String> FROM_REQUEST = union(FROM_TRUSTED_REQUEST, FORWARDING);

    /** What may not come in a trailer because it would change how a message is read, or who may see it. */
    private static final Set<String> NOT_IN_TRAILERS = Set.of(
            "content-length",
            "content-encoding",
            "content-type",
            "content-range",
            "host",
            "set-cookie",
            "authorization");

    private HeaderPolicy() {}

    /** Names, lower case, of the caller's headers that the container does not see. */
    static Set<String> droppedFromRequest(Iterable<String> connectionHeaders, boolean trustForwarding) {
        return withNominated(trustForwarding ? FROM_TRUSTED_REQUEST : FROM_REQUEST, connectionHeaders);
    }

    /** Names, lower case, of the container's headers that the caller does not see. */
    static Set<String> droppedFromResponse(Iterable<String> connectionHeaders) {
        return withNominated(FROM_RESPONSE, connectionHeaders);
    }

    static boolean isTrailerPassed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !HOP_BY_HOP.contains(lower) && !PLATFORM.contains(lower) && !NOT_IN_TRAILERS.contains(lower);
    }

    /** The headers that tell the container who is at the other end. */
    static Map<String, String> forwarding(String remoteHost, String host, String scheme) {
        String node = remoteHost.indexOf(':') >= 0 ? "\"[" + remoteHost + "]\"" : remoteHost;
        return Map.of(
                "forwarded", "for=" + node + ";host=\"" + unquoted(host) + "\";proto=" + scheme,
                "x-forwarded-for", remoteHost,
                "x-forwarded-host", host,
                "x-forwarded-proto", scheme);
    }

    private static String unquoted(String host) {
        return host.indexOf('\\') < 0 && host.indexOf('"') < 0 ? host : host.replaceAll("[\\\\\"]", "");
    }

    /** With the names that the message itself says belong to its connection; the same set, not a copy, when there are none. */
    private static Set<String> withNominated(Set<String> always, Iterable<String> connectionHeaders) {
        Set<String> dropped = null;
        for (String value : connectionHeaders) {
            if (!isPlain(value)) {
                dropped = dropped == null ? new HashSet<>(always) : dropped;
                nominate(value, dropped);
            }
        }
        return dropped == null ? always : dropped;
    }

    /** What nearly every message says, and what names no header. */
    private static boolean isPlain(String connectionHeader) {
        return connectionHeader.equalsIgnoreCase("keep-alive") || connectionHeader.equalsIgnoreCase("close");
    }

    private static void nominate(String connectionHeader, Set<String> dropped) {
        for (String name : List.of(connectionHeader.split(","))) {
            String lower = name.strip().toLowerCase(Locale.ROOT);
            // A caller may not have the host or the framing dropped by naming them here.
            if (!lower.equals("host") && !lower.equals("content-length")) {
                dropped.add(lower);
            }
        }
    }

    private static Set<String> union(Set<String> some, Set<String> more) {
        Set<String> all = new HashSet<>(some);
        all.addAll(more);
        return Set.copyOf(all);
    }
}
