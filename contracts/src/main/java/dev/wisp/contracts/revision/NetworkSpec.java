package dev.wisp.contracts.revision;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

        private static final Pattern TEXT = Pattern.compile("(?:\\[([^\\[\\]]*)]|([^:\\[\\]]*))(?::([^:]*))?");
        private static final Pattern PORTS = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
        private static final int PORT_MAX = 65_535;
        private static final int SHOWN_MAX = 80;

        public Allowed {
            range = Cidr.parse(range).toString();
            if (portFirst < 0 || portLast > PORT_MAX || portFirst > portLast) {
                throw new IllegalArgumentException(
                        "ports=%d-%d, must be 0 <= first <= last <= 65535".formatted(portFirst, portLast));
            }
        }

        /**
         * Reads {@code 203.0.113.0/24:443}, {@code [2001:db8::/32]:443-444}, or a range alone.
         *
         * @throws IllegalArgumentException saying what is wrong, fit for a user
         */
        public static Allowed parse(String text) {
            Matcher parts = TEXT.matcher(text);
            if (!parts.matches()) {
                // an IPv6 range alone, or nothing that can be read
                return new Allowed(Cidr.parse(text).toString(), 0, PORT_MAX);
            }
            String range = parts.group(1) == null ? parts.group(2) : parts.group(1);
            if (parts.group(3) == null) {
                return new Allowed(Cidr.parse(range).toString(), 0, PORT_MAX);
            }
            Matcher ports = PORTS.matcher(parts.group(3));
            if (!ports.matches()) {
                throw new IllegalArgumentException(
                        "'%s' must be a range with a port or ports, such as 203.0.113.0/24:443, 203.0.113.7:8000-8100 or [2001:db8::/32]:443"
                                .formatted(text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text));
            }
            int first = Integer.parseInt(ports.group(1));
            return new Allowed(
                    Cidr.parse(range).toString(),
                    first,
                    ports.group(2) == null ? first : Integer.parseInt(ports.group(2)));
        }

        public Cidr cidr() {
            return Cidr.parse(range);
        }

        @Override
        public String toString() {
            if (portFirst == 0 && portLast == PORT_MAX) {
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
