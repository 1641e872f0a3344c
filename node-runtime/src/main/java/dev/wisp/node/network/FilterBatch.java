package dev.wisp.node.network;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/** Changes to one table of the packet filter that take effect together or not at all. */
final class FilterBatch {

    static final int HOOK_INPUT = 1;
    static final int HOOK_FORWARD = 2;
    static final int HOOK_POSTROUTING = 4;

    private static final int SUBSYSTEM = 10;
    private static final int BATCH_BEGIN = 16;
    private static final int BATCH_END = 17;
    private static final int NEW_TABLE = 0;
    private static final int NEW_CHAIN = 3;
    private static final int DELETE_CHAIN = 5;
    private static final int NEW_RULE = 6;
    private static final int DELETE_RULE = 8;
    private static final int NEW_SET = 9;
    private static final int NEW_ELEMENT = 12;
    private static final int DELETE_ELEMENT = 14;

    private static final int APPEND = 0x800;
    private static final int OWNED = 2;
    private static final int SOURCE_NAT_PRIORITY = 100;
    private static final int SET_IS_MAP = 8;
    private static final int TYPE_VERDICT = 0xFFFF_FF00;

    /** Means nothing to the kernel; {@code nft} needs it to print the map. */
    private static final int TYPE_INDEX = 20 << 6;

    private static final int INDEX_BYTES = 4;

    private final String table;
    private AddressFamily family;
    private final NetlinkRequest request = new NetlinkRequest();

    /** @param family of the table; each has names of its own */
    FilterBatch(String table, AddressFamily family) {
        this.table = table;
        this.family = family;
        request.unanswered("begin", BATCH_BEGIN, FilterBatch::batchHeader);
    }

    /** What follows is about the table of this family. */
    FilterBatch in(AddressFamily next) {
        family = next;
        return this;
    }

    private static void batchHeader(NetlinkRequest message) {
        message.u8(0, 0, 0, SUBSYSTEM);
    }

    /** The table itself; one that is owned goes with the socket that made it, whatever ends the process. */
    FilterBatch ownedTable() {
        return change(
                "make table",
                NEW_TABLE,
                NetlinkRequest.CREATE | NetlinkRequest.EXCLUSIVE,
                message -> message.text(1, table).ordered(2, OWNED));
    }

    FilterBatch filterChain(String name, int hook, int policy) {
        return baseChain(name, "filter", hook, 0, policy);
    }

    FilterBatch sourceNatChain(String name) {
        return baseChain(name, "nat", HOOK_POSTROUTING, SOURCE_NAT_PRIORITY, FilterRule.VERDICT_ACCEPT);
    }

    private FilterBatch baseChain(String name, String type, int hook, int priority, int policy) {
        return change(
                "make chain %s, policy %s".formatted(name, policy == FilterRule.VERDICT_DROP ? "drop" : "accept"),
                NEW_CHAIN,
                NetlinkRequest.CREATE,
                message -> message.text(1, table)
                        .text(3, name)
                        .nested(4, where -> where.ordered(1, hook).ordered(2, priority))
                        .ordered(5, policy)
                        .text(7, type));
    }

    FilterBatch chain(String name, List<FilterRule> rules) {
        change(
                "make chain " + name,
                NEW_CHAIN,
                NetlinkRequest.CREATE,
                message -> message.text(1, table).text(3, name));
        return rules(name, rules);
    }

    FilterBatch rules(String chain, List<FilterRule> rules) {
        for (FilterRule rule : rules) {
            change("add rule " + chain + ": " + rule, NEW_RULE, NetlinkRequest.CREATE | APPEND, message -> {
                message.text(1, table).text(2, chain);
                rule.write(message, 4);
            });
        }
        return this;
    }

    FilterBatch deleteChain(String name) {
        change(
                "empty chain " + name,
                DELETE_RULE,
                0,
                message -> message.text(1, table).text(2, name));
        return change(
                "delete chain " + name,
                DELETE_CHAIN,
                0,
                message -> message.text(1, table).text(3, name));
    }

    /** A map from interface and source address to a chain. */
    FilterBatch sourceMap(String name) {
        return change(
                "make map " + name,
                NEW_SET,
                NetlinkRequest.CREATE,
                message -> message.text(1, table)
                        .text(2, name)
                        .ordered(3, SET_IS_MAP)
                        .ordered(4, TYPE_INDEX | family.filterType)
                        .ordered(5, INDEX_BYTES + family.bytes)
                        .ordered(6, TYPE_VERDICT)
                        .ordered(7, 0)
                        .ordered(10, 1));
    }

    FilterBatch mapSource(String map, int index, InetAddress address, String chain) {
        return element("add to map " + map + ": " + chain, NEW_ELEMENT, NetlinkRequest.CREATE, map, element -> {
            key(element, index, address);
            element.nested(2, value -> FilterRule.verdict(value, FilterRule.VERDICT_JUMP, chain));
        });
    }

    FilterBatch unmapSource(String map, int index, InetAddress address) {
        return element("delete from map", DELETE_ELEMENT, 0, map, element -> key(element, index, address));
    }

    private static void key(NetlinkRequest element, int index, InetAddress address) {
        element.nested(
                1,
                key -> key.attribute(
                        FilterRule.DATA_VALUE, value -> value.u32(index).raw(address.getAddress())));
    }

    private FilterBatch element(String step, int type, int flags, String map, Consumer<NetlinkRequest> content) {
        return change(
                step,
                type,
                flags,
                message -> message.text(1, table).text(2, map).nested(3, elements -> elements.nested(1, content)));
    }

    private FilterBatch change(String step, int type, int flags, Consumer<NetlinkRequest> body) {
        request.message(
                step, (SUBSYSTEM << 8) | type, flags, message -> body.accept(message.u8(family.number, 0, 0, 0)));
        return this;
    }

    NetlinkRequest end() {
        return request.unanswered("end", BATCH_END, FilterBatch::batchHeader);
    }
}
