package dev.wisp.controller.policy;

import dev.wisp.contracts.revision.AddressRanges;
import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import dev.wisp.contracts.revision.NetworkSpec.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads which network a template asks for. */
final class NetworkPolicy {

    private static final String NETWORK = "wisp.dev/network";
    private static final String ALLOW = "wisp.dev/egress-allow";
    private static final String FAMILIES = "wisp.dev/ip-families";
    private static final int PORT_MAX = 65_535;

    /** {@code 203.0.113.0/24:443}, {@code [2001:db8::/32]:443-444}, or a range alone. */
    private static final Pattern ENTRY = Pattern.compile("(?:\\[([^\\[\\]]*)]|([^:\\[\\]]*))(?::([^:]*))?");

    private NetworkPolicy() {}

    static NetworkSpec network(Annotations annotations) {
        boolean egress = isEgress(annotations);
        boolean ipv6 = hasIpv6(annotations, egress);
        String allow = annotations.text(ALLOW);
        if (allow == null) {
            return egress ? new NetworkSpec(Mode.EGRESS, List.of(), ipv6) : NetworkSpec.NONE;
        }
        if (!egress) {
            annotations.refuse(ALLOW, "has no effect without %s: egress".formatted(NETWORK));
            return NetworkSpec.NONE;
        }
        return new NetworkSpec(Mode.EGRESS, entries(annotations, allow, ipv6), ipv6);
    }

    /** As Kubernetes lists the families of a service. */
    private static boolean hasIpv6(Annotations annotations, boolean egress) {
        String families = annotations.text(FAMILIES);
        if (families == null) {
            return false;
        }
        if (!egress) {
            annotations.refuse(FAMILIES, "has no effect without %s: egress".formatted(NETWORK));
            return false;
        }
        List<String> names =
                Arrays.stream(families.split(",", -1)).map(String::strip).toList();
        if (!names.equals(List.of("IPv4")) && !names.equals(List.of("IPv4", "IPv6"))) {
            annotations.refuse(FAMILIES, "'%s' must be IPv4 or IPv4,IPv6".formatted(ServicePolicy.shortened(families)));
        }
        return names.contains("IPv6");
    }

    private static boolean isEgress(Annotations annotations) {
        return switch (annotations.text(NETWORK)) {
            case null -> false;
            case "none" -> false;
            case "egress" -> true;
            case String other -> {
                annotations.refuse(NETWORK, "'%s' must be none or egress".formatted(ServicePolicy.shortened(other)));
                yield false;
            }
        };
    }

    private static List<Allowed> entries(Annotations annotations, String text, boolean ipv6) {
        String[] parts = text.split(",", -1);
        if (parts.length > NetworkSpec.ALLOW_MAX) {
            annotations.refuse(ALLOW, "has %d entries, at most %d".formatted(parts.length, NetworkSpec.ALLOW_MAX));
            return List.of();
        }
        List<Allowed> allowed = new ArrayList<>();
        for (String part : parts) {
            Allowed entry = entry(annotations, part.strip(), ipv6);
            if (entry != null) {
                allowed.add(entry);
            }
        }
        return allowed;
    }

    private static @Nullable Allowed entry(Annotations annotations, String text, boolean ipv6) {
        try {
            Allowed entry = entry(text);
            String why = closed(entry.cidr(), ipv6);
            if (why.isEmpty()) {
                return entry;
            }
            annotations.refuse(ALLOW, why);
        } catch (NumberFormatException e) {
            annotations.refuse(
                    ALLOW,
                    "'%s' must be a range with a port or ports, such as 203.0.113.0/24:443, 203.0.113.7:8000-8100 or [2001:db8::/32]:443"
                            .formatted(ServicePolicy.shortened(text)));
        } catch (IllegalArgumentException e) {
            annotations.refuse(ALLOW, e.getMessage() == null ? "is not valid" : e.getMessage());
        }
        return null;
    }

    /** Why nobody gets there, empty when it may be named. */
    private static String closed(Cidr range, boolean ipv6) {
        if (AddressRanges.isIn(AddressRanges.NEVER, range)) {
            return "'%s' is local, multicast or reserved: no workload gets there".formatted(range);
        }
        return range.isIpv4() || ipv6 ? "" : "'%s' needs %s: IPv4,IPv6".formatted(range, FAMILIES);
    }

    private static Allowed entry(String text) {
        Matcher parts = ENTRY.matcher(text);
        if (!parts.matches()) {
            // an IPv6 range alone, or nothing that can be read
            return new Allowed(Cidr.parse(text).toString(), 0, PORT_MAX);
        }
        String range = parts.group(1) == null ? parts.group(2) : parts.group(1);
        String ports = parts.group(3) == null ? "0-" + PORT_MAX : parts.group(3);
        int dash = ports.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? ports : ports.substring(0, dash));
        int last = Integer.parseInt(dash < 0 ? ports : ports.substring(dash + 1));
        return new Allowed(Cidr.parse(range).toString(), first, last);
    }
}
