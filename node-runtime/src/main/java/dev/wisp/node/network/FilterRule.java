package dev.wisp.node.network;

import dev.wisp.contracts.revision.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One rule of the packet filter as a list of the kernel's own expressions: load something, compare it, act. Prints as {@code nft} would. Immutable. */
final class FilterRule {

    static final int VERDICT_DROP = 0;
    static final int VERDICT_ACCEPT = 1;
    static final int VERDICT_JUMP = -3;

    private static final int ESTABLISHED_OR_RELATED = 2 | 4;

    private static final int LIST_ELEMENT = 1;
    private static final int NAME = 1;
    private static final int DATA = 2;
    static final int DATA_VALUE = 1;
    static final int DATA_VERDICT = 2;
    static final int VERDICT_CODE = 1;
    static final int VERDICT_CHAIN = 2;

    private static final int REGISTER_VERDICT = 0;
    private static final int REGISTER_1 = 8;
    private static final int REGISTER_2 = 9;

    private static final int EQUAL = 0;
    private static final int NOT_EQUAL = 1;
    private static final int LESS_OR_EQUAL = 3;
    private static final int GREATER_OR_EQUAL = 5;

    private static final int NETWORK_HEADER = 1;
    private static final int TRANSPORT_HEADER = 2;
    private static final int PORT_AT = 2;

    private static final int META_IN_INDEX = 4;
    private static final int META_OUT_INDEX = 5;
    private static final int META_PROTOCOL = 16;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int STATE_KEY = 0;
    private static final int MARK_KEY = 3;
    private static final int MARK_SOURCE = 4;
    private static final int OVER = 1;
    private static final int REJECT_UNREACHABLE = 0;
    private static final int REJECT_RESET = 1;
    private static final long A_SECOND = 1;

    private record Expression(String name, Consumer<NetlinkRequest> data) {}

    private final List<Expression> expressions;
    private final String text;

    private FilterRule(List<Expression> expressions, String text) {
        this.expressions = expressions;
        this.text = text;
    }

    static FilterRule when() {
        return new FilterRule(List.of(), "");
    }

    private FilterRule says(String words) {
        return new FilterRule(expressions, (text + " " + words).strip());
    }

    private FilterRule then(String name, Consumer<NetlinkRequest> data) {
        List<Expression> longer = new ArrayList<>(expressions);
        longer.add(new Expression(name, data));
        return new FilterRule(List.copyOf(longer), text);
    }

    /** Holds for what belongs to a connection that was let through. */
    FilterRule known() {
        return load("ct", STATE_KEY)
                .bits(ESTABLISHED_OR_RELATED)
                .compare(NOT_EQUAL, value -> value.u32(0))
                .says("ct state established,related");
    }

    /** Holds for what does not. */
    FilterRule unknown() {
        return load("ct", STATE_KEY)
                .bits(ESTABLISHED_OR_RELATED)
                .compare(EQUAL, value -> value.u32(0))
                .says("ct state ! established,related");
    }

    FilterRule in(int index) {
        return load("meta", META_IN_INDEX)
                .compare(EQUAL, value -> value.u32(index))
                .says("iif %d".formatted(index));
    }

    FilterRule out(int index) {
        return load("meta", META_OUT_INDEX)
                .compare(EQUAL, value -> value.u32(index))
                .says("oif %d".formatted(index));
    }

    FilterRule notOut(int index) {
        return load("meta", META_OUT_INDEX)
                .compare(NOT_EQUAL, value -> value.u32(index))
                .says("oif != %d".formatted(index));
    }

    FilterRule from(Cidr range) {
        AddressFamily family = AddressFamily.of(range.address());
        return address(family, family.sourceAt, range).says("%s saddr %s".formatted(family.text, range));
    }

    FilterRule to(Cidr range) {
        if (range.prefix() == 0) {
            return this;
        }
        AddressFamily family = AddressFamily.of(range.address());
        return address(family, family.sourceAt + family.bytes, range).says("%s daddr %s".formatted(family.text, range));
    }

    FilterRule tcp() {
        return load("meta", META_PROTOCOL)
                .compare(EQUAL, value -> value.u8(TCP))
                .says("tcp");
    }

    FilterRule udp() {
        return load("meta", META_PROTOCOL)
                .compare(EQUAL, value -> value.u8(UDP))
                .says("udp");
    }

    /** Destination ports, both ends included; only after {@link #tcp()} or {@link #udp()}. */
    FilterRule ports(int first, int last) {
        if (first == 0 && last == 65_535) {
            return this;
        }
        FilterRule loaded = payload(TRANSPORT_HEADER, PORT_AT, 2, REGISTER_1);
        if (first == last) {
            return loaded.compare(EQUAL, port(first)).says("dport %d".formatted(first));
        }
        return loaded.compare(GREATER_OR_EQUAL, port(first))
                .compare(LESS_OR_EQUAL, port(last))
                .says("dport %d-%d".formatted(first, last));
    }

    private static Consumer<NetlinkRequest> port(int port) {
        return value -> value.u8(port >>> 8, port & 0xff);
    }

    /** Holds while more connections than this are tracked that came by this rule. */
    FilterRule connectionsOver(int connectionsMax) {
        return then("connlimit", data -> data.ordered(1, connectionsMax).ordered(2, OVER))
                .says("ct count over %d".formatted(connectionsMax));
    }

    /** Holds for what comes faster than this, after a burst of a second's worth. */
    FilterRule fasterThan(int perSecondMax) {
        return limit(perSecondMax, OVER).says("limit rate over %d/second".formatted(perSecondMax));
    }

    /** Holds for what comes no faster than this. */
    FilterRule atMost(int perSecondMax) {
        return limit(perSecondMax, 0).says("limit rate %d/second".formatted(perSecondMax));
    }

    private FilterRule limit(int perSecondMax, int flags) {
        return then(
                "limit",
                data -> data.orderedLong(1, perSecondMax)
                        .orderedLong(2, A_SECOND)
                        .ordered(3, perSecondMax)
                        .ordered(4, 0)
                        .ordered(5, flags));
    }

    /** Marks the connection, for {@link EgressRules#forget}; goes on. */
    FilterRule mark(int number) {
        return then(
                        "immediate",
                        data -> data.ordered(1, REGISTER_1)
                                .nested(2, value -> value.attribute(DATA_VALUE, mark -> mark.u32(number))))
                .then("ct", data -> data.ordered(2, MARK_KEY).ordered(MARK_SOURCE, REGISTER_1))
                .says("ct mark set %d".formatted(number));
    }

    FilterRule accept() {
        return verdict(VERDICT_ACCEPT, "").says("accept");
    }

    FilterRule drop() {
        return verdict(VERDICT_DROP, "").says("drop");
    }

    /** Tells who wants to connect that nobody is there; only after {@link #tcp()}. */
    FilterRule reset() {
        return then("reject", data -> data.ordered(1, REJECT_RESET)).says("reject with tcp reset");
    }

    /** Tells who has sent it that it may not. */
    FilterRule prohibit(AddressFamily family) {
        return then(
                        "reject",
                        data -> data.ordered(1, REJECT_UNREACHABLE).attribute(2, code -> code.u8(family.prohibited)))
                .says("reject with %s admin-prohibited".formatted(family == AddressFamily.IPV4 ? "icmp" : "icmpv6"));
    }

    FilterRule jump(String chain) {
        return verdict(VERDICT_JUMP, chain).says("jump %s".formatted(chain));
    }

    FilterRule masquerade() {
        return then("masq", _ -> {}).says("masquerade");
    }

    /** Does what the map says for the interface and the source address together; goes on when it says nothing. */
    FilterRule verdictOf(String map, AddressFamily family) {
        return load("meta", META_IN_INDEX)
                .payload(NETWORK_HEADER, family.sourceAt, family.bytes, REGISTER_2)
                .then(
                        "lookup",
                        data -> data.text(1, map)
                                .ordered(2, REGISTER_1)
                                .ordered(3, REGISTER_VERDICT)
                                .ordered(4, 1))
                .says("iif . %s saddr vmap @%s".formatted(family.text, map));
    }

    private FilterRule verdict(int code, String chain) {
        return then(
                "immediate", data -> data.ordered(1, REGISTER_VERDICT).nested(2, value -> verdict(value, code, chain)));
    }

    static void verdict(NetlinkRequest value, int code, String chain) {
        value.nested(DATA_VERDICT, verdict -> {
            verdict.ordered(VERDICT_CODE, code);
            if (!chain.isEmpty()) {
                verdict.text(VERDICT_CHAIN, chain);
            }
        });
    }

    private FilterRule address(AddressFamily family, int offset, Cidr range) {
        FilterRule loaded = payload(NETWORK_HEADER, offset, family.bytes, REGISTER_1);
        FilterRule masked = range.isOne() ? loaded : loaded.masked(family.bytes, mask -> mask.raw(range.mask()));
        return masked.compare(EQUAL, value -> value.raw(range.address().getAddress()));
    }

    private FilterRule load(String what, int key) {
        return then(what, data -> data.ordered(1, REGISTER_1).ordered(2, key));
    }

    private FilterRule payload(int base, int offset, int length, int register) {
        return then(
                "payload",
                data -> data.ordered(1, register)
                        .ordered(2, base)
                        .ordered(3, offset)
                        .ordered(4, length));
    }

    private FilterRule bits(int bits) {
        return masked(4, mask -> mask.u32(bits));
    }

    private FilterRule masked(int bytes, Consumer<NetlinkRequest> mask) {
        return then(
                "bitwise",
                data -> data.ordered(1, REGISTER_1)
                        .ordered(2, REGISTER_1)
                        .ordered(3, bytes)
                        .nested(4, value -> value.attribute(DATA_VALUE, mask))
                        .nested(5, value -> value.attribute(DATA_VALUE, zero -> zero.raw(new byte[bytes]))));
    }

    private FilterRule compare(int operation, Consumer<NetlinkRequest> with) {
        return then(
                "cmp",
                data -> data.ordered(1, REGISTER_1)
                        .ordered(2, operation)
                        .nested(3, value -> value.attribute(DATA_VALUE, with)));
    }

    void write(NetlinkRequest request, int attribute) {
        request.nested(
                attribute,
                list -> expressions.forEach(expression -> list.nested(
                        LIST_ELEMENT,
                        element -> element.text(NAME, expression.name()).nested(DATA, expression.data()))));
    }

    @Override
    public String toString() {
        return text;
    }
}
