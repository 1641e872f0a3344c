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
     * What an operator should know, empty when the table is large enough or not known.
     *
     * @param sandboxesMax with egress at once
     */
    public static String warning(int sandboxesMax, EgressConfig.Limits limits, long tableMax) {
        long wanted = (long) sandboxesMax * limits.connectionsMax();
        if (tableMax <= 0 || wanted <= tableMax) {
            return "";
        }
        return ("%d sandboxes with %d connections each are more than the kernel tracks (nf_conntrack_max=%d): %d of"
                        + " them can keep all others and the host from connecting; set wisp.node.network.connections-max=%d, or"
                        + " net.netfilter.nf_conntrack_max=%d or more")
                .formatted(
                        sandboxesMax,
                        limits.connectionsMax(),
                        tableMax,
                        sandboxesServed(tableMax, limits.connectionsMax()) + 1,
                        Math.max(1, tableMax / sandboxesMax),
                        wanted);
    }
}
