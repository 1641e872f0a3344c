package dev.wisp.node.network;

import dev.wisp.contracts.revision.Cidr;
import java.util.List;
import java.util.Map;

/**
 * What the node's operator says about egress.
 *
 * @param name of the node's own among those on this host; names its interface and its table of the packet filter
 * @param outside path of the network namespace in which the way to the world is; empty when there is none, which is so unless the operator says otherwise
 * @param pool addresses between node and sandboxes, not used elsewhere; every sandbox takes two
 * @param nameservers what sandboxes ask for names; empty means those of the host
 * @param opened private ranges that accounts may put into their allow-lists, {@code *} for every account
 * @param readyMax most sandboxes held ready with a way out, 0 for none
 */
public record EgressConfig(
        String name,
        String outside,
        Cidr pool,
        List<Cidr> nameservers,
        Map<String, List<Cidr>> opened,
        int readyMax,
        Limits limits) {

    /** Range for benchmarks between networks (RFC 2544): nobody has hosts there that a workload needs. */
    public static final Cidr POOL_DEFAULT = Cidr.parse("198.19.0.0/16");

    private static final String OWN_NAMESPACE = "/proc/self/ns/net";

    private static final int READY_MAX_DEFAULT = 4;
    private static final String EVERY_ACCOUNT = "*";
    private static final int POOL_PREFIX_MAX = 24;

    /** A unique local prefix (RFC 4193), drawn once; the pool's addresses are its last bits, so that nodes with different pools differ here too. */
    private static final String IPV6_PREFIX = "fd6b:3f1c:90a7::";

    private static final int IPV6_PREFIX_BITS = 96;

    /**
     * Bounds of one sandbox.
     *
     * @param connectionsMax tracked at once
     * @param connectionsPerSecondMax begun
     * @param bytesPerSecondMax in each direction
     */
    public record Limits(int connectionsMax, int connectionsPerSecondMax, int bytesPerSecondMax) {

        public static final Limits DEFAULT = new Limits(1024, 500, 25_000_000);

        public Limits {
            if (connectionsMax < 1 || connectionsPerSecondMax < 1 || bytesPerSecondMax < 1000) {
                throw new IllegalArgumentException(
                        "connectionsMax=%d (>= 1), connectionsPerSecondMax=%d (>= 1), bytesPerSecondMax=%d (>= 1000)"
                                .formatted(connectionsMax, connectionsPerSecondMax, bytesPerSecondMax));
            }
        }
    }

    public EgressConfig {
        nameservers = List.copyOf(nameservers);
        opened = Map.copyOf(opened);
        if (readyMax < 0) {
            throw new IllegalArgumentException("readyMax=%d, must be >= 0".formatted(readyMax));
        }
        if (!pool.isIpv4() || pool.prefix() > POOL_PREFIX_MAX) {
            throw new IllegalArgumentException(
                    "pool=%s, must be of IPv4, /%d or larger".formatted(pool, POOL_PREFIX_MAX));
        }
        for (Cidr server : nameservers) {
            if (!server.isIpv4()) {
                throw new IllegalArgumentException(
                        "nameservers=%s, must have IPv4 addresses: every sandbox with egress asks them"
                                .formatted(server));
            }
        }
    }

    public static EgressConfig byDefault(String name) {
        return new EgressConfig(name, "", POOL_DEFAULT, List.of(), Map.of(), READY_MAX_DEFAULT, Limits.DEFAULT);
    }

    /**
     * What the setting of the uplink means.
     *
     * @param uplink {@code none}, {@code host} or the path of a network namespace
     */
    public static String outside(String uplink) {
        return switch (uplink) {
            case "none" -> "";
            case "host" -> OWN_NAMESPACE;
            case String path when path.startsWith("/") -> path;
            default ->
                throw new IllegalArgumentException(
                        "uplink=%s, must be none, host or the path of a network namespace".formatted(uplink));
        };
    }

    List<Cidr> openedTo(String account) {
        return opened.getOrDefault(account, opened.getOrDefault(EVERY_ACCOUNT, List.of()));
    }

    /** The same of IPv6, for who asks for that. */
    Cidr poolIpv6() {
        return Cidr.parse(IPV6_PREFIX + Cidr.text(pool.address()) + "/" + (IPV6_PREFIX_BITS + pool.prefix()));
    }

    /** Of the family; the address of the first end of a pair is the node's, the other the sandbox's. */
    Cidr pool(AddressFamily family) {
        return family == AddressFamily.IPV4 ? pool : poolIpv6();
    }

    /** Pairs of addresses; the first is the uplink's. */
    public int pairs() {
        return 1 << (31 - pool.prefix());
    }

    /** At most 15 characters, as the kernel wants it. */
    String uplinkName() {
        return name.length() <= 12 ? name + "-up" : "wisp-%08x".formatted(name.hashCode());
    }

    /** Chosen here, so that nobody has to ask for it: far above those that the kernel gives in turn. */
    int uplinkIndex() {
        return 0x0100_0000 + (uplinkName().hashCode() & 0x00FF_FFFF);
    }
}
