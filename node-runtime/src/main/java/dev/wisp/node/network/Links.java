package dev.wisp.node.network;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Interfaces, addresses, routes and rate limits as netlink messages. */
final class Links {

    private static final int NEW_LINK = 16;
    private static final int DELETE_LINK = 17;
    private static final int NEW_ADDRESS = 20;
    private static final int NEW_ROUTE = 24;
    private static final int NEW_NEIGHBOUR = 28;
    private static final int NEW_QUEUE = 36;

    private static final int LINK_HARDWARE_ADDRESS = 1;
    private static final int LINK_NAME = 3;
    private static final int LINK_INFO = 18;
    private static final int LINK_NAMESPACE_PID = 19;
    private static final int LINK_NAMESPACE_FD = 28;
    private static final int LINK_SENDING_QUEUES = 31;
    private static final int LINK_RECEIVING_QUEUES = 32;
    private static final int INFO_KIND = 1;
    private static final int INFO_DATA = 2;
    private static final int VETH_PEER = 1;
    private static final int UP = 1;
    private static final int NOBODY_ELSE_HAS_IT = 2;
    private static final int NEIGHBOUR_PERMANENT = 0x80;
    private static final int NEIGHBOUR_ADDRESS = 1;
    private static final int NEIGHBOUR_HARDWARE_ADDRESS = 2;

    private static final int TABLE_MAIN = 254;
    private static final int PROTOCOL_STATIC = 4;
    private static final int UNICAST = 1;
    private static final int ROUTE_INTERFACE = 4;
    private static final int ROUTE_GATEWAY = 5;

    private static final int ROOT = 0xFFFF_FFFF;
    private static final int ETHERNET = 1;
    private static final int QUEUE_KIND = 1;
    private static final int QUEUE_OPTIONS = 2;
    private static final int BUCKET_PARAMETERS = 1;
    private static final int BUCKET_BURST = 6;

    /** Holds what arrives in about a hundredth of a second at the default rate; what is more waits nowhere and is lost. */
    static final int BURST_BYTES = 256 * 1024;

    /** One end of a pair. */
    record End(String name, int index) {}

    /** Where the other end goes. */
    sealed interface Place {
        /** Namespace of a process. */
        record OfProcess(int pid) implements Place {}

        /** Namespace behind a descriptor. */
        record OfDescriptor(int descriptor) implements Place {}
    }

    private Links() {}

    /** A pair of interfaces: one end here and up, the other in its place and down. One queue each: more are for many processors and cost memory. */
    static void pair(NetlinkRequest request, End here, End there, Place place) {
        request.message(
                "make interface",
                NEW_LINK,
                NetlinkRequest.CREATE | NetlinkRequest.EXCLUSIVE,
                link -> end(link, here, UP, hardwareAddress(here.index(), true))
                        .nested(
                                LINK_INFO,
                                info -> info.text(INFO_KIND, "veth")
                                        .nested(
                                                INFO_DATA,
                                                data -> data.nested(
                                                        VETH_PEER,
                                                        peer(there, place, hardwareAddress(here.index(), false))))));
    }

    /** Of an end of a pair, locally administered; nobody but the other end sees it. */
    static byte[] hardwareAddress(int indexHere, boolean here) {
        return ByteBuffer.allocate(6)
                .put((byte) 2)
                .put((byte) (here ? 0 : 1))
                .putInt(indexHere)
                .array();
    }

    private static Consumer<NetlinkRequest> peer(End end, Place place, byte[] hardwareAddress) {
        return peer -> {
            end(peer, end, 0, hardwareAddress);
            switch (place) {
                case Place.OfProcess process -> peer.number(LINK_NAMESPACE_PID, process.pid());
                case Place.OfDescriptor file -> peer.number(LINK_NAMESPACE_FD, file.descriptor());
            }
        };
    }

    private static NetlinkRequest end(NetlinkRequest link, End end, int flags, byte[] hardwareAddress) {
        return link.u8(0, 0)
                .u16(0)
                .u32(end.index(), flags, flags)
                .text(LINK_NAME, end.name())
                .attribute(LINK_HARDWARE_ADDRESS, value -> value.raw(hardwareAddress))
                .number(LINK_SENDING_QUEUES, 1)
                .number(LINK_RECEIVING_QUEUES, 1);
    }

    static void up(NetlinkRequest request, int index) {
        request.message(
                "interface up", NEW_LINK, 0, link -> link.u8(0, 0).u16(0).u32(index, UP, UP));
    }

    static void delete(NetlinkRequest request, String name) {
        request.message(
                "delete interface",
                DELETE_LINK,
                0,
                link -> link.u8(0, 0).u16(0).u32(0, 0, 0).text(LINK_NAME, name));
    }

    /** Of IPv6 too it is used at once: on a pair nobody else can have it. */
    static void address(NetlinkRequest request, int index, InetAddress address, int prefix) {
        AddressFamily family = AddressFamily.of(address);
        request.message(
                "set address",
                NEW_ADDRESS,
                NetlinkRequest.CREATE | NetlinkRequest.EXCLUSIVE,
                message -> message.u8(family.number, prefix, family == AddressFamily.IPV6 ? NOBODY_ELSE_HAS_IT : 0, 0)
                        .u32(index)
                        .attribute(1, value -> value.raw(address.getAddress()))
                        .attribute(2, value -> value.raw(address.getAddress())));
    }

    /** Who is at the other end, so that nobody has to ask, and what is asked needs no answer. */
    static void neighbour(NetlinkRequest request, int index, InetAddress address, byte[] hardwareAddress) {
        request.message(
                "set neighbour",
                NEW_NEIGHBOUR,
                NetlinkRequest.CREATE | NetlinkRequest.EXCLUSIVE,
                message -> message.u8(AddressFamily.of(address).number, 0)
                        .u16(0)
                        .u32(index)
                        .u16(NEIGHBOUR_PERMANENT)
                        .u8(0, 0)
                        .attribute(NEIGHBOUR_ADDRESS, value -> value.raw(address.getAddress()))
                        .attribute(NEIGHBOUR_HARDWARE_ADDRESS, value -> value.raw(hardwareAddress)));
    }

    static void defaultRoute(NetlinkRequest request, int index, InetAddress gateway) {
        request.message(
                "set route",
                NEW_ROUTE,
                NetlinkRequest.CREATE | NetlinkRequest.EXCLUSIVE,
                route -> route.u8(AddressFamily.of(gateway).number, 0, 0, 0, TABLE_MAIN, PROTOCOL_STATIC, 0, UNICAST)
                        .u32(0)
                        .attribute(ROUTE_GATEWAY, value -> value.raw(gateway.getAddress()))
                        .number(ROUTE_INTERFACE, index));
    }

    /** Lets an interface send so many bytes a second, through a token bucket. */
    static void rate(NetlinkRequest request, int index, int bytesPerSecond) {
        request.message(
                "limit rate",
                NEW_QUEUE,
                NetlinkRequest.CREATE | NetlinkRequest.EXCLUSIVE,
                queue -> queue.u32(0, index, 0, ROOT, 0)
                        .text(QUEUE_KIND, "tbf")
                        .nested(
                                QUEUE_OPTIONS,
                                options -> options.attribute(BUCKET_PARAMETERS, bucket(bytesPerSecond))
                                        .number(BUCKET_BURST, BURST_BYTES)));
    }

    /** {@code struct tc_tbf_qopt}: rate, no peak rate, and the bytes that may wait. The burst follows in an attribute of its own. */
    private static Consumer<NetlinkRequest> bucket(int bytesPerSecond) {
        return bucket -> bucket.u8(0, ETHERNET)
                .u16(0)
                .u16(0)
                .u16(0)
                .u32(bytesPerSecond)
                .u32(0, 0, 0)
                .u32(BURST_BYTES, 0, 0);
    }
}
