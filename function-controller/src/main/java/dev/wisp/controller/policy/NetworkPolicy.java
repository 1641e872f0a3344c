package dev.wisp.controller.policy;

import dev.wisp.contracts.revision.AddressRanges;
import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import dev.wisp.contracts.revision.NetworkSpec.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads which network a template asks for. */
final class NetworkPolicy {

    private static final String NETWORK = "wisp.dev/network";
    private static final String ALLOW = "wisp.dev/egress-allow";
    private static final String FAMILIES = "wisp.dev/ip-families";

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
            Allowed entry = Allowed.parse(text);
            String why = closed(entry.cidr(), ipv6);
            if (why.isEmpty()) {
                return entry;
            }
            annotations.refuse(ALLOW, why);
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
}
