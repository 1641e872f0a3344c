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

    private static final int FORGET_CONNECTIONS = 1 << 8 | 2;
    private static final int MARK = 8;
    private static final int MARK_MASK = 21;

    /** Answers to what is not let out, for all sandboxes of the node together; what is above is dropped without one. */
    private static final int REFUSALS_PER_SECOND_MAX = 200;

    private EgressRules() {}

    /**
     * The router: it takes nothing for itself; it forwards what belongs to a connection that was let through, and otherwise asks the map which sandbox this
     * is. An interface with another's address is in no entry, so that it is dropped.
     */
    static NetlinkRequest router(int uplink, Cidr pool) {
        AddressFamily family = AddressFamily.of(pool.address());
        return new FilterBatch(TABLE, family)
                .ownedTable()
                .sourceMap(SANDBOXES)
                .filterChain(INPUT, HOOK_INPUT, VERDICT_DROP)
                .rules(INPUT, List.of(when().known().accept()))
                .chain(DENIED, denied(family))
                .chain(NEVER, denied(Stream.concat(AddressRanges.NEVER.stream().filter(family::has), Stream.of(pool))))
                .chain(PRIVATE, denied(AddressRanges.PRIVATE.stream().filter(family::has)))
                .filterChain(FORWARD, HOOK_FORWARD, VERDICT_DROP)
                .rules(
                        FORWARD,
                        List.of(
                                when().known().accept(),
                                when().notOut(uplink).drop(),
                                when().verdictOf(SANDBOXES, family)))
                .sourceNatChain(MASQUERADE)
                .rules(MASQUERADE, List.of(when().out(uplink).masquerade()))
                .end();
    }

    /** The host's side: nothing from the router reaches the host itself but its name server, and nothing reaches the router unasked. */
    static NetlinkRequest host(String table, int uplink, Cidr router, List<Cidr> nameservers) {
        AddressFamily family = AddressFamily.of(router.address());
        List<FilterRule> input = new ArrayList<>();
        nameservers.stream().filter(family::has).forEach(server -> input.addAll(dns(when().in(uplink), server)));
        input.add(when().in(uplink).jump(DENIED));
        return new FilterBatch(table, family)
                .ownedTable()
                .chain(DENIED, denied(family))
                .filterChain(INPUT, HOOK_INPUT, VERDICT_ACCEPT)
                .rules(INPUT, input)
                .filterChain(FORWARD, HOOK_FORWARD, VERDICT_ACCEPT)
                .rules(FORWARD, List.of(when().out(uplink).unknown().drop()))
                .sourceNatChain(MASQUERADE)
                .rules(MASQUERADE, List.of(when().from(router).masquerade()))
                .end();
    }

    /** @param leg of one sandbox, in each of its families */
    static NetlinkRequest attach(
            List<EgressLeg.Ends> leg, EgressPlan plan, EgressConfig.Limits limits, List<Cidr> nameservers) {
        FilterBatch batch = new FilterBatch(TABLE, AddressFamily.IPV4);
        leg.forEach(ends -> batch.in(ends.family())
                .chain(ends.name(), sandbox(ends, plan, limits, nameservers))
                .mapSource(SANDBOXES, ends.index(), ends.inside(), ends.name()));
        return batch.end();
    }

    static NetlinkRequest detach(List<EgressLeg.Ends> leg) {
        FilterBatch batch = new FilterBatch(TABLE, AddressFamily.IPV4);
        leg.forEach(ends -> batch.in(ends.family())
                .unmapSource(SANDBOXES, ends.index(), ends.inside())
                .deleteChain(ends.name()));
        return batch.end();
    }

    /**
     * Has the kernel forget what a sandbox was connected to, in both families. Who gets the addresses next would get the answers too, and could go on with a connection that it
     * was never allowed.
     *
     * @param index of the interface; 0 for connections that no sandbox has begun
     */
    static NetlinkRequest forget(int index) {
        return new NetlinkRequest()
                .message(
                        "forget connections",
                        FORGET_CONNECTIONS,
                        0,
                        message -> message.u8(0, 0, 0, 0).ordered(MARK, index).ordered(MARK_MASK, -1));
    }

    /** Only first packets of connections come here, and only such that have the sandbox's own address: nobody else gets the refusals. */
    private static List<FilterRule> sandbox(
            EgressLeg.Ends ends, EgressPlan plan, EgressConfig.Limits limits, List<Cidr> nameservers) {
        AddressFamily family = ends.family();
        List<FilterRule> rules = new ArrayList<>();
        rules.add(when().fasterThan(limits.connectionsPerSecondMax()).drop());
        rules.add(when().jump(NEVER));
        rules.add(when().connectionsOver(limits.connectionsMax()).drop());
        rules.add(when().mark(ends.index()));
        nameservers.stream().filter(family::has).forEach(server -> rules.addAll(dns(when(), server)));
        rules.addAll(accepts(plan.opened(), family));
        rules.add(when().jump(PRIVATE));
        rules.addAll(accepts(plan.publicly(), family));
        rules.add(when().jump(DENIED));
        return rules;
    }

    private static List<FilterRule> accepts(List<Allowed> places, AddressFamily family) {
        return places.stream()
                .filter(allowed -> family.has(allowed.cidr()))
                .flatMap(allowed -> accepts(allowed).stream())
                .toList();
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
    private static List<FilterRule> denied(AddressFamily family) {
        return List.of(
                when().tcp().atMost(REFUSALS_PER_SECOND_MAX).reset(),
                when().udp().atMost(REFUSALS_PER_SECOND_MAX).prohibit(family),
                when().drop());
    }
}
