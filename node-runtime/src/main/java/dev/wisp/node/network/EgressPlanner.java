package dev.wisp.node.network;

import dev.wisp.contracts.revision.AddressRanges;
import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import java.util.ArrayList;
import java.util.List;

/** Decides what a revision's allow-list comes to on this node: the node opens private ranges to an account, the list chooses among them. */
final class EgressPlanner {

    static final Allowed EVERYWHERE = new Allowed("0.0.0.0/0", 0, 65_535);
    static final Allowed EVERYWHERE_IPV6 = new Allowed("::/0", 0, 65_535);

    /** Outcome. */
    sealed interface Verdict {

        record Planned(EgressPlan plan) implements Verdict {}

        /** The list names places that this node keeps closed. */
        record Refused(String why) implements Verdict {}
    }

    private EgressPlanner() {}

    /**
     * @param spec the revision's wish; an empty list means the public internet
     * @param openedByNode private ranges that this node opens to the account
     */
    static Verdict plan(NetworkSpec spec, List<Cidr> openedByNode) {
        if (spec.allow().isEmpty()) {
            List<Allowed> everywhere = spec.ipv6() ? List.of(EVERYWHERE, EVERYWHERE_IPV6) : List.of(EVERYWHERE);
            return new Verdict.Planned(new EgressPlan(List.of(), everywhere, spec.ipv6()));
        }
        List<Allowed> opened = new ArrayList<>();
        List<Allowed> publicly = new ArrayList<>();
        for (Allowed allowed : spec.allow()) {
            List<Allowed> common = openedByNode.stream()
                    .filter(range ->
                            range.contains(allowed.cidr()) || allowed.cidr().contains(range))
                    .map(range -> narrower(range, allowed))
                    .toList();
            opened.addAll(common);
            if (!AddressRanges.isIn(AddressRanges.PRIVATE, allowed.cidr())) {
                publicly.add(allowed);
            } else if (common.isEmpty()) {
                return new Verdict.Refused("%s is a private range, and this node opens %s to the account"
                        .formatted(allowed, openedByNode.isEmpty() ? "none" : "only " + openedByNode));
            }
        }
        return new Verdict.Planned(new EgressPlan(opened, publicly, spec.ipv6()));
    }

    /** Of two ranges of which one holds the other, the inner, with the list's ports. */
    private static Allowed narrower(Cidr range, Allowed allowed) {
        return range.contains(allowed.cidr())
                ? allowed
                : new Allowed(range.toString(), allowed.portFirst(), allowed.portLast());
    }
}
