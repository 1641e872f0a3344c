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
            "x-wisp-dispatch",
            "x-wisp-refused");

    private static final Set<String> FORWARDING =
            Set.of("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port");

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
        Set<String> dropped = dropped(connectionHeaders);
        dropped.add("expect");
        if (!trustForwarding) {
            dropped.addAll(FORWARDING);
        }
        return dropped;
    }

    /** Names, lower case, of the container's headers that the caller does not see. */
    static Set<String> droppedFromResponse(Iterable<String> connectionHeaders) {
        return dropped(connectionHeaders);
    }

    static boolean isTrailerPassed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !HOP_BY_HOP.contains(lower) && !PLATFORM.contains(lower) && !NOT_IN_TRAILERS.contains(lower);
    }

    /** The headers that tell the container who is at the other end. */
    static Map<String, String> forwarding(String remoteHost, String host, String scheme) {
        String node = remoteHost.indexOf(':') >= 0 ? "\"[" + remoteHost + "]\"" : remoteHost;
        return Map.of(
                "forwarded", "for=" + node + ";host=\"" + host.replaceAll("[\\\\\"]", "") + "\";proto=" + scheme,
                "x-forwarded-for", remoteHost,
                "x-forwarded-host", host,
                "x-forwarded-proto", scheme);
    }

    private static Set<String> dropped(Iterable<String> connectionHeaders) {
        Set<String> dropped = new HashSet<>(HOP_BY_HOP);
        dropped.addAll(PLATFORM);
        for (String value : connectionHeaders) {
            for (String name : List.of(value.split(","))) {
                String lower = name.strip().toLowerCase(Locale.ROOT);
                // A caller may not have the host or the framing dropped by naming them here.
                if (!lower.equals("host") && !lower.equals("content-length")) {
                    dropped.add(lower);
                }
            }
        }
        return dropped;
    }
}
