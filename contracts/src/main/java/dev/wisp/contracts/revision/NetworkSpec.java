package dev.wisp.contracts.revision;

import java.util.List;

/**
 * Which network an instance has.
 *
 * @param allow where it may connect to; empty with {@link Mode#EGRESS} means everywhere in the public internet
 * @param ipv6 whether it has IPv6 beside IPv4; only with {@link Mode#EGRESS}
 */
public record NetworkSpec(Mode mode, List<Allowed> allow, boolean ipv6) {

    /** Most entries of an allow-list: each is a rule that a new connection walks past. */
    public static final int ALLOW_MAX = 32;

    /** Its own loopback, and nothing else. */
    public static final NetworkSpec NONE = new NetworkSpec(Mode.NONE, List.of());

    /** What there is besides loopback. */
    public enum Mode {
        /** Nothing. */
        NONE,
        /** Connections outwards, over the node. */
        EGRESS
    }

    /**
     * One place it may connect to.
     *
     * @param range addresses as {@link Cidr#parse} reads them
     * @param portFirst lowest port, 0 for any
     * @param portLast highest port, 65,535 for any
     */
    public record Allowed(String range, int portFirst, int portLast) {

        public Allowed {
            range = Cidr.parse(range).toString();
            if (portFirst < 0 || portLast > 65_535 || portFirst > portLast) {
                throw new IllegalArgumentException(
                        "ports=%d-%d, must be 0 <= first <= last <= 65535".formatted(portFirst, portLast));
            }
        }

        public Cidr cidr() {
            return Cidr.parse(range);
        }

        @Override
        public String toString() {
            if (portFirst == 0 && portLast == 65_535) {
                return range;
            }
            return (cidr().isIpv4() ? range : "[" + range + "]") + ":" + portFirst
                    + (portFirst == portLast ? "" : "-" + portLast);
        }
    }

    /** With IPv4 alone. */
    public NetworkSpec(Mode mode, List<Allowed> allow) {
        this(mode, allow, false);
    }

    public NetworkSpec {
        allow = List.copyOf(allow);
        if (allow.size() > ALLOW_MAX || (mode == Mode.NONE && !allow.isEmpty())) {
            throw new IllegalArgumentException("mode=%s, allow has %d entries, at most %d and none without egress"
                    .formatted(mode, allow.size(), ALLOW_MAX));
        }
        if (ipv6 && mode == Mode.NONE) {
            throw new IllegalArgumentException("ipv6 without egress");
        }
        if (!ipv6 && allow.stream().anyMatch(allowed -> !allowed.cidr().isIpv4())) {
            throw new IllegalArgumentException("allow has IPv6 ranges, and there is no IPv6");
        }
    }
}
