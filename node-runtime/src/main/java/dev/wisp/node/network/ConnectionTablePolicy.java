package dev.wisp.node.network;

/**
 * Whether the kernel's table of connections is large enough for what all sandboxes together may have. The kernel counts each network namespace by itself, against one
 * bound for all ({@code net.netfilter.nf_conntrack_max}); all connections of sandboxes are in two of them, the router's and the uplink's, where the host's own are too.
 */
public final class ConnectionTablePolicy {

    /** Where the kernel says how many it tracks at most in a namespace; there once anything is tracked. */
    public static final String TABLE_MAX_FILE = "/proc/sys/net/netfilter/nf_conntrack_max";

    private ConnectionTablePolicy() {}

    /**
     * How many sandboxes can use all that each may have at the same time.
     *
     * @param tableMax of the kernel's, 0 when it is not known
     */
    public static long sandboxesServed(long tableMax, int connectionsMax) {
        return tableMax / connectionsMax;
    }

    /**
     * Whether all sandboxes may use all that they may have at the same time.
     *
     * @param sandboxesMax with egress at once
     * @param tableMax of the kernel's, 0 when it is not known, which passes for enough
     */
    public static boolean isEnough(int sandboxesMax, EgressConfig.Limits limits, long tableMax) {
        return tableMax <= 0 || wanted(sandboxesMax, limits) <= tableMax;
    }

    /**
     * What an operator should know, empty when the table is large enough or not known.
     *
     * @param sandboxesMax with egress at once
     */
    public static String notice(int sandboxesMax, EgressConfig.Limits limits, long tableMax) {
        if (isEnough(sandboxesMax, limits, tableMax)) {
            return "";
        }
        return ("%d sandboxes with %d connections each are more than the kernel tracks (nf_conntrack_max=%d): %d of"
                        + " them can keep all others and the host from connecting; %s")
                .formatted(
                        sandboxesMax,
                        limits.connectionsMax(),
                        tableMax,
                        sandboxesServed(tableMax, limits.connectionsMax()) + 1,
                        remedy(sandboxesMax, limits, tableMax));
    }

    /** Either of two settings that make the table large enough. */
    public static String remedy(int sandboxesMax, EgressConfig.Limits limits, long tableMax) {
        return "set wisp.node.network.connections-max=%d, or net.netfilter.nf_conntrack_max=%d or more"
                .formatted(Math.max(1, tableMax / sandboxesMax), wanted(sandboxesMax, limits));
    }

    private static long wanted(int sandboxesMax, EgressConfig.Limits limits) {
        return (long) sandboxesMax * limits.connectionsMax();
    }
}
