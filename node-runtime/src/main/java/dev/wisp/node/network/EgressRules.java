package dev.wisp.node.network;

import static dev.wisp.node.network.FilterBatch.HOOK_FORWARD;
import static dev.wisp.node.network.FilterBatch.HOOK_INPUT;
import static dev.wisp.node.network.FilterRule.VERDICT_ACCEPT;
import static dev.wisp.node.network.FilterRule.VERDICT_DROP;
import static dev.wisp.node.network.FilterRule.when;

import dev.wisp.contracts.revision.AddressRanges;
import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the packet filter is told: in the router's namespace, on the host's side of it, and for each sandbox. */
final class EgressRules {

    private static final String TABLE = "wisp";
    private static final String SANDBOXES = "sandboxes";
    private static final String FORWARD = "forward";
    private static final String INPUT = "input";
    private static final String PRIVATE = "private";
    private static final String NEVER = "never";
    private static final String MASQUERADE = "masquerade";
    private static final String DENIED = "denied";
    private static final int DNS = 53;

    /** Answers to what is not let out, for all sandboxes of the node together; what is above is dropped without one. */
    private static final int REFUSALS_PER_SECOND_MAX = 200;

    private EgressRules() {}

    /**
     * The router: it takes nothing for itself; it forwards what belongs to a connection that was let through, and otherwise asks the map which sandbox this
     * is. An interface with another's address is in no entry, so that it is dropped.
     */
    static NetlinkRequest router(int uplink, Cidr pool) {
        return new FilterBatch(TABLE)
                .ownedTable()
                .sourceMap(SANDBOXES)
                .filterChain(INPUT, HOOK_INPUT, VERDICT_DROP)
                .rules(INPUT, List.of(when().known().accept()))
                .chain(DENIED, denied())
                .chain(NEVER, denied(Stream.concat(AddressRanges.NEVER.stream(), Stream.of(pool))))
                .chain(PRIVATE, denied(AddressRanges.PRIVATE.stream()))
                .filterChain(FORWARD, HOOK_FORWARD, VERDICT_DROP)
                .rules(
                        FORWARD,
                        List.of(when().known().accept(), when().notOut(uplink).drop(), when().verdictOf(SANDBOXES)))
                .sourceNatChain(MASQUERADE)
                .rules(MASQUERADE, List.of(when().out(uplink).masquerade()))
                .end();
    }

    /** The host's side: nothing from the router reaches the host itself but its name server, and nothing reaches the router unasked. */
    static NetlinkRequest host(String table, int uplink, Cidr router, List<Cidr> nameservers) {
        List<FilterRule> input = new ArrayList<>();
        nameservers.forEach(server -> input.addAll(dns(when().in(uplink), server)));
        input.add(when().in(uplink).jump(DENIED));
        return new FilterBatch(table)
                .ownedTable()
                .chain(DENIED, denied())
                .filterChain(INPUT, HOOK_INPUT, VERDICT_ACCEPT)
                .rules(INPUT, input)
                .filterChain(FORWARD, HOOK_FORWARD, VERDICT_ACCEPT)
                .rules(FORWARD, List.of(when().out(uplink).unknown().drop()))
                .sourceNatChain(MASQUERADE)
                .rules(MASQUERADE, List.of(when().from(router).masquerade()))
                .end();
    }

    static NetlinkRequest attach(
            EgressLeg.Ends leg, EgressPlan plan, EgressConfig.Limits limits, List<Cidr> nameservers) {
        return new FilterBatch(TABLE)
                .chain(leg.name(), sandbox(plan, limits, nameservers))
                .mapSource(SANDBOXES, leg.index(), leg.inside(), leg.name())
                .end();
    }

    static NetlinkRequest detach(EgressLeg.Ends leg) {
        return new FilterBatch(TABLE)
                .unmapSource(SANDBOXES, leg.index(), leg.inside())
                .deleteChain(leg.name())
                .end();
    }

    /** Only first packets of connections come here, and only such that have the sandbox's own address: nobody else gets the refusals. */
    private static List<FilterRule> sandbox(EgressPlan plan, EgressConfig.Limits limits, List<Cidr> nameservers) {
        List<FilterRule> rules = new ArrayList<>();
        rules.add(when().fasterThan(limits.connectionsPerSecondMax()).drop());
        rules.add(when().jump(NEVER));
        rules.add(when().connectionsOver(limits.connectionsMax()).drop());
        nameservers.forEach(server -> rules.addAll(dns(when(), server)));
        plan.opened().forEach(allowed -> rules.addAll(accepts(allowed)));
        rules.add(when().jump(PRIVATE));
        plan.publicly().forEach(allowed -> rules.addAll(accepts(allowed)));
        rules.add(when().jump(DENIED));
        return rules;
    }

    private static List<FilterRule> accepts(Allowed allowed) {
        FilterRule there = when().to(allowed.cidr());
        return List.of(
                there.tcp().ports(allowed.portFirst(), allowed.portLast()).accept(),
                there.udp().ports(allowed.portFirst(), allowed.portLast()).accept());
    }

    private static List<FilterRule> dns(FilterRule when, Cidr server) {
        FilterRule there = when.to(server);
        return List.of(
                there.udp().ports(DNS, DNS).accept(),
                there.tcp().ports(DNS, DNS).accept());
    }

    private static List<FilterRule> denied(Stream<Cidr> ranges) {
        return ranges.map(range -> when().to(range).jump(DENIED)).toList();
    }

    /** A program learns at once, and not by a timeout of minutes. */
    private static List<FilterRule> denied() {
        return List.of(
                when().tcp().atMost(REFUSALS_PER_SECOND_MAX).reset(),
                when().udp().atMost(REFUSALS_PER_SECOND_MAX).prohibit(),
                when().drop());
    }
}
