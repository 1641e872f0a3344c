package dev.wisp.controller.policy;

import dev.wisp.contracts.revision.AddressRanges;
import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import dev.wisp.contracts.revision.NetworkSpec.Mode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads which network a template asks for. */
final class NetworkPolicy {

    private static final String NETWORK = "wisp.dev/network";
    private static final String ALLOW = "wisp.dev/egress-allow";
    private static final int PORT_MAX = 65_535;

    private NetworkPolicy() {}

    static NetworkSpec network(Annotations annotations) {
        boolean egress = isEgress(annotations);
        String allow = annotations.text(ALLOW);
        if (allow == null) {
            return egress ? new NetworkSpec(Mode.EGRESS, List.of()) : NetworkSpec.NONE;
        }
        if (!egress) {
            annotations.refuse(ALLOW, "has no effect without %s: egress".formatted(NETWORK));
            return NetworkSpec.NONE;
        }
        return new NetworkSpec(Mode.EGRESS, entries(annotations, allow));
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

    private static List<Allowed> entries(Annotations annotations, String text) {
        String[] parts = text.split(",", -1);
        if (parts.length > NetworkSpec.ALLOW_MAX) {
            annotations.refuse(ALLOW, "has %d entries, at most %d".formatted(parts.length, NetworkSpec.ALLOW_MAX));
            return List.of();
        }
        List<Allowed> allowed = new ArrayList<>();
        for (String part : parts) {
            Allowed entry = entry(annotations, part.strip());
            if (entry != null) {
                allowed.add(entry);
            }
        }
        return allowed;
    }

    private static @Nullable Allowed entry(Annotations annotations, String text) {
        int colon = text.indexOf(':');
        String ports = colon < 0 ? "0-" + PORT_MAX : text.substring(colon + 1);
        int dash = ports.indexOf('-');
        try {
            Cidr range = Cidr.parse(colon < 0 ? text : text.substring(0, colon));
            if (AddressRanges.isIn(AddressRanges.NEVER, range)) {
                annotations.refuse(
                        ALLOW, "'%s' is local, multicast or reserved: no workload gets there".formatted(range));
                return null;
            }
            int first = Integer.parseInt(dash < 0 ? ports : ports.substring(0, dash));
            int last = Integer.parseInt(dash < 0 ? ports : ports.substring(dash + 1));
            return new Allowed(range.toString(), first, last);
        } catch (NumberFormatException e) {
            annotations.refuse(
                    ALLOW,
                    "'%s' must be an IPv4 range with a port or ports, such as 203.0.113.0/24:443 or 203.0.113.7:8000-8100"
                            .formatted(ServicePolicy.shortened(text)));
        } catch (IllegalArgumentException e) {
            annotations.refuse(ALLOW, e.getMessage() == null ? "is not valid" : e.getMessage());
        }
        return null;
    }
}
