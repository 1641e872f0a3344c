package dev.wisp.node.network;

import dev.wisp.contracts.revision.Cidr;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Errno;
import dev.wisp.node.linux.ErrnoException;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.Sockets;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The namespace between host and sandboxes, and its uplink. On the host there is one interface and one table of the packet filter; both go with this process,
 * however it ends: the interface with the namespace, the table with the socket that owns it.
 */
record Router(
        int outside,
        int namespace,
        NetlinkSocket routes,
        NetlinkSocket filter,
        List<Cidr> nameservers,
        Deque<AutoCloseable> held)
        implements AutoCloseable {

    static final String UPLINK = "up";
    static final int UPLINK_INDEX = 2;

    static Router open(
            Descriptors descriptors,
            Sockets sockets,
            NamespaceSockets namespaces,
            EgressConfig config,
            List<Cidr> nameservers) {
        return new Opening(descriptors, sockets, namespaces, config, nameservers).open();
    }

    @Override
    public void close() {
        closeAll(held);
    }

    private static void closeAll(Deque<AutoCloseable> held) {
        while (!held.isEmpty()) {
            try {
                held.removeLast().close();
            } catch (Exception e) {
                throw new IllegalStateException("closing the router", e);
            }
        }
    }

    /** One router in the making. */
    private static final class Opening {

        private final Descriptors descriptors;
        private final Sockets sockets;
        private final NamespaceSockets namespaces;
        private final EgressConfig config;
        private final List<Cidr> nameservers;
        private final Deque<AutoCloseable> held = new ArrayDeque<>();

        Opening(
                Descriptors descriptors,
                Sockets sockets,
                NamespaceSockets namespaces,
                EgressConfig config,
                List<Cidr> nameservers) {
            this.descriptors = descriptors;
            this.sockets = sockets;
            this.namespaces = namespaces;
            this.config = config;
            this.nameservers = nameservers;
        }

        Router open() {
            try {
                if (config.outside().isEmpty()) {
                    throw new EgressUnavailableException(
                            "its operator has not said where to: set wisp.node.network.uplink");
                }
                int outside = keep(descriptors.open(config.outside(), Named.O_RDONLY, 0));
                requireForwarding(outside);
                removeLeftover(outside);
                int inside = keep(namespaces.create());
                namespaces.inside(inside, this::setUp);
                NetlinkSocket routes = socket(inside, NetlinkSocket.ROUTE);
                NetlinkSocket filter = socket(inside, NetlinkSocket.FILTER);
                uplink(outside, routes);
                filter.send(EgressRules.router(UPLINK_INDEX, config.pool()));
                // Nothing yet: whether this kernel can is to be known now, and not at the end of a sandbox.
                filter.send(EgressRules.forget(0));
                namespaces.inside(inside, this::boundTracking);
                return new Router(outside, inside, routes, filter, nameservers, held);
            } catch (RuntimeException e) {
                closeAll(held);
                throw e;
            }
        }

        private int keep(int descriptor) {
            held.addLast(() -> descriptors.close(descriptor));
            return descriptor;
        }

        private NetlinkSocket socket(int namespace, int protocol) {
            NetlinkSocket socket =
                    namespaces.inside(namespace, () -> new NetlinkSocket(descriptors, sockets, protocol));
            held.addLast(socket);
            return socket;
        }

        /** Turning it on would make the host a router between all of its networks: that is for its owner to decide. */
        private void requireForwarding(int outside) {
            String value = namespaces.inside(outside, () -> text("/proc/sys/net/ipv4/ip_forward"));
            if (!value.equals("1")) {
                throw new EgressUnavailableException(
                        "this host does not forward packets: run sysctl -w net.ipv4.ip_forward=1");
            }
        }

        private String text(String file) {
            String text = descriptors.readText(file);
            return text == null ? "" : text.strip();
        }

        /** The namespace of a runtime that was killed may take a moment to go. */
        private void removeLeftover(int outside) {
            NetlinkRequest request = new NetlinkRequest();
            Links.delete(request, config.uplinkName());
            try (NetlinkSocket routes =
                    namespaces.inside(outside, () -> new NetlinkSocket(descriptors, sockets, NetlinkSocket.ROUTE))) {
                routes.send(request);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.ENODEV) {
                    throw e;
                }
            }
        }

        private Boolean setUp() {
            // The files of IPv6 are missing where the kernel has none, which is as good.
            descriptors.tryWriteText("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
            descriptors.tryWriteText("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
            descriptors.writeText("/proc/sys/net/ipv4/ip_forward", "1");
            descriptors.writeText("/proc/sys/net/ipv4/conf/all/rp_filter", "1");
            return true;
        }

        /**
         * A sandbox that is gone does not say goodbye to all it was connected to; what it leaves is forgotten after an hour and not after five days, and is
         * not taken up in the middle afterwards. There are such settings once a rule needs the tracking.
         */
        private Boolean boundTracking() {
            descriptors.tryWriteText("/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established", "3600");
            descriptors.tryWriteText("/proc/sys/net/netfilter/nf_conntrack_tcp_loose", "0");
            return true;
        }

        private void uplink(int outside, NetlinkSocket routes) {
            InetAddress host = config.pool().at(0);
            InetAddress router = config.pool().at(1);
            NetlinkRequest request = new NetlinkRequest();
            Links.pair(
                    request,
                    new Links.End(UPLINK, UPLINK_INDEX),
                    new Links.End(config.uplinkName(), config.uplinkIndex()),
                    new Links.Place.OfDescriptor(outside));
            Links.address(request, UPLINK_INDEX, router, 31);
            routes.send(request);
            hostSide(outside, host, router);
            NetlinkRequest route = new NetlinkRequest();
            Links.defaultRoute(route, UPLINK_INDEX, host);
            routes.send(route);
        }

        /** The walls first, then the interface. */
        private void hostSide(int outside, InetAddress host, InetAddress router) {
            NetlinkSocket filter = socket(outside, NetlinkSocket.FILTER);
            filter.send(EgressRules.host(config.name(), config.uplinkIndex(), new Cidr(router, 32), nameservers));
            NetlinkRequest request = new NetlinkRequest();
            Links.up(request, config.uplinkIndex());
            Links.address(request, config.uplinkIndex(), host, 31);
            NetlinkSocket routes = namespaces.inside(outside, () -> {
                String ipv6 = "/proc/sys/net/ipv6/conf/" + config.uplinkName() + "/disable_ipv6";
                descriptors.tryWriteText(ipv6, "1");
                return new NetlinkSocket(descriptors, sockets, NetlinkSocket.ROUTE);
            });
            try (routes) {
                routes.send(request);
            }
        }
    }
}
