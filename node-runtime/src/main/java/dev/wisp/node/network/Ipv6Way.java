package dev.wisp.node.network;

import dev.wisp.contracts.revision.Cidr;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.Sockets;
import java.net.InetAddress;

/**
 * IPv6 on a {@link Router}, from the first sandbox on that asks for it: the same way, with translated addresses, and a table of the packet filter of its own in the router and on the host. Nobody on
 * it finds out by neighbour discovery who is where: both ends of every pair are told, and what a sandbox sends of it the router drops, since the kernel's table of neighbours is one for the whole
 * host. What is on the host goes with the router.
 */
final class Ipv6Way {

    private static final String SETTINGS = "/proc/sys/net/ipv6/conf/";

    private final Descriptors descriptors;
    private final Sockets sockets;
    private final NamespaceSockets namespaces;
    private final EgressConfig config;
    private final Router router;

    private Ipv6Way(
            Descriptors descriptors, Sockets sockets, NamespaceSockets namespaces, EgressConfig config, Router router) {
        this.descriptors = descriptors;
        this.sockets = sockets;
        this.namespaces = namespaces;
        this.config = config;
        this.router = router;
    }

    /**
     * Makes it.
     *
     * @throws EgressUnavailableException when this host does not forward IPv6, before anything was changed
     */
    static Ipv6Way open(
            Descriptors descriptors, Sockets sockets, NamespaceSockets namespaces, EgressConfig config, Router router) {
        Ipv6Way way = new Ipv6Way(descriptors, sockets, namespaces, config, router);
        int outside = descriptors.open(config.outside(), Named.O_RDONLY, 0);
        try {
            way.requireForwarding(outside);
            way.hostSide(outside);
        } finally {
            descriptors.close(outside);
        }
        way.routerSide();
        return way;
    }

    /** Turning it on would also make the host deaf to the routers that tell it its own addresses: that is for its owner to decide. */
    private void requireForwarding(int outside) {
        String value = namespaces.inside(outside, () -> {
            String text = descriptors.readText(SETTINGS + "all/forwarding");
            return text == null ? "" : text.strip();
        });
        if (!value.equals("1")) {
            throw new EgressUnavailableException(
                    "this host does not forward packets of IPv6: run sysctl -w net.ipv6.conf.all.forwarding=1");
        }
    }

    /** The walls first, then the addresses. */
    private void hostSide(int outside) {
        NetlinkSocket filter =
                namespaces.inside(outside, () -> new NetlinkSocket(descriptors, sockets, NetlinkSocket.FILTER));
        try {
            Cidr routerOnly = new Cidr(routerAddress(), AddressFamily.IPV6.bytes * 8);
            filter.send(EgressRules.host(config.name(), config.uplinkIndex(), routerOnly, router.nameservers()));
        } catch (RuntimeException e) {
            filter.close();
            throw e;
        }
        router.held().addLast(filter);
        NetlinkRequest request = new NetlinkRequest();
        Links.address(request, config.uplinkIndex(), hostAddress(), AddressFamily.IPV6.pairPrefix());
        Links.neighbour(
                request, config.uplinkIndex(), routerAddress(), Links.hardwareAddress(Router.UPLINK_INDEX, true));
        send(outside, config.uplinkName(), request);
    }

    private void routerSide() {
        router.filter().send(EgressRules.router(Router.UPLINK_INDEX, config.poolIpv6()));
        NetlinkRequest request = new NetlinkRequest();
        Links.address(request, Router.UPLINK_INDEX, routerAddress(), AddressFamily.IPV6.pairPrefix());
        Links.neighbour(request, Router.UPLINK_INDEX, hostAddress(), Links.hardwareAddress(Router.UPLINK_INDEX, false));
        Links.defaultRoute(request, Router.UPLINK_INDEX, hostAddress());
        namespaces.inside(router.namespace(), () -> {
            descriptors.writeText(SETTINGS + "all/forwarding", "1");
            return true;
        });
        send(router.namespace(), Router.UPLINK, request);
    }

    private InetAddress hostAddress() {
        return config.poolIpv6().at(0);
    }

    private InetAddress routerAddress() {
        return config.poolIpv6().at(1);
    }

    /**
     * Gives both ends of a sandbox's pair their addresses of IPv6; the way stays shut.
     *
     * @param indexInside of the interface in the sandbox
     */
    void connect(int pidfd, EgressLeg.Ends ends, int indexInside) {
        NetlinkRequest here = new NetlinkRequest();
        Links.address(here, ends.index(), ends.gateway(), AddressFamily.IPV6.pairPrefix());
        Links.neighbour(here, ends.index(), ends.inside(), Links.hardwareAddress(ends.index(), false));
        send(router.namespace(), ends.name(), here);
        NetlinkRequest inside = new NetlinkRequest();
        Links.address(inside, indexInside, ends.inside(), AddressFamily.IPV6.pairPrefix());
        Links.neighbour(inside, indexInside, ends.gateway(), Links.hardwareAddress(ends.index(), true));
        Links.defaultRoute(inside, indexInside, ends.gateway());
        send(pidfd, "eth0", inside);
    }

    /** Switches IPv6 on for an interface, without an address of the link and deaf to routers, and says the rest. */
    private void send(int namespace, String device, NetlinkRequest request) {
        NetlinkSocket routes = namespaces.inside(namespace, () -> {
            String settings = SETTINGS + device;
            descriptors.writeText(settings + "/addr_gen_mode", "1");
            descriptors.writeText(settings + "/accept_ra", "0");
            descriptors.writeText(settings + "/disable_ipv6", "0");
            return new NetlinkSocket(descriptors, sockets, NetlinkSocket.ROUTE);
        });
        try (routes) {
            routes.send(request);
        }
    }
}
