package dev.wisp.node.network;

import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Errno;
import dev.wisp.node.linux.ErrnoException;
import dev.wisp.node.linux.Sockets;
import dev.wisp.node.network.EgressPlanner.Verdict;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives sandboxes a way out. Between the host and the sandboxes lies a router: a network namespace with the packet filter and one end of every sandbox's pair
 * of interfaces. It is made when the first sandbox asks for egress, nobody but this process holds it, and with it goes everything in it. Thread-safe.
 */
public final class EgressNetwork implements AutoCloseable {

    private static final int ATTEMPTS_MAX = 16;
    private static final int INSIDE_INDEX = 2;
    private static final int ROUTER_INDEX_FIRST = 1000;

    private final Descriptors descriptors;
    private final Sockets sockets;
    private final NamespaceSockets namespaces;
    private final EgressConfig config;
    private final AddressPairs pairs;
    private @Nullable Router router;
    private @Nullable Ipv6Way ipv6;
    private boolean closed;

    public EgressNetwork(Descriptors descriptors, Sockets sockets, NamespaceSockets namespaces, EgressConfig config) {
        this(descriptors, sockets, namespaces, config, new AddressPairs(config.pairs()));
    }

    EgressNetwork(
            Descriptors descriptors,
            Sockets sockets,
            NamespaceSockets namespaces,
            EgressConfig config,
            AddressPairs pairs) {
        this.descriptors = descriptors;
        this.sockets = sockets;
        this.namespaces = namespaces;
        this.config = config;
        this.pairs = pairs;
    }

    /**
     * What a revision's wish comes to on this node.
     *
     * @param account whose revision it is
     * @throws EgressUnavailableException when this node keeps closed what the list names
     */
    public EgressPlan plan(String account, NetworkSpec spec) {
        return switch (EgressPlanner.plan(spec, config.openedTo(account))) {
            case Verdict.Planned planned -> planned.plan();
            case Verdict.Refused refused -> throw new EgressUnavailableException(refused.why());
        };
    }

    /**
     * Connects the network namespace of a process, which must not run programs of a workload yet. The way is shut.
     *
     * @param pid of the process, not reaped
     * @param pidfd the same
     * @throws EgressUnavailableException when this node cannot, naming the step that failed
     */
    public EgressLeg connect(int pid, int pidfd) {
        Router way = router();
        int pair = connect(way, pid);
        try {
            furnish(pidfd, ends(pair, AddressFamily.IPV4));
        } catch (RuntimeException e) {
            pairs.giveBack(pair);
            throw e instanceof ErrnoException errno ? EgressUnavailableException.because(errno) : e;
        }
        return new EgressLeg(this, pair);
    }

    /** What it has opened, for {@link #shut}. */
    List<AddressFamily> open(int pair, EgressPlan plan, int pidfd) {
        List<AddressFamily> families =
                plan.ipv6() ? List.of(AddressFamily.IPV4, AddressFamily.IPV6) : List.of(AddressFamily.IPV4);
        Router way = router();
        try {
            if (plan.ipv6()) {
                ipv6(way).connect(pidfd, ends(pair, AddressFamily.IPV6), INSIDE_INDEX);
            }
            way.filter().send(EgressRules.attach(ends(pair, families), plan, config.limits(), way.nameservers()));
            return families;
        } catch (ErrnoException e) {
            throw EgressUnavailableException.because(e);
        }
    }

    void shut(int pair, List<AddressFamily> families) {
        Router now = opened();
        if (now != null) {
            now.filter().send(EgressRules.detach(ends(pair, families)));
            now.filter().send(EgressRules.forget(ROUTER_INDEX_FIRST + pair));
        }
    }

    private synchronized Ipv6Way ipv6(Router way) {
        Ipv6Way now = ipv6;
        if (now == null) {
            now = Ipv6Way.open(descriptors, sockets, namespaces, config, way);
            ipv6 = now;
        }
        return now;
    }

    void giveBack(int pair) {
        pairs.giveBack(pair);
    }

    /**
     * Makes sure that there is a router.
     *
     * @throws EgressUnavailableException when this node cannot have one
     */
    public void open() {
        router();
    }

    /** What goes into {@code /etc/resolv.conf} of a sandbox with egress. */
    public String resolvConf() {
        return Nameservers.resolvConf(router().nameservers());
    }

    /** The kernel takes the interfaces of a dead namespace away in its own time; a pair whose last ones are still there is left aside for now. */
    private int connect(Router way, int pid) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int pair = pairs.take();
            if (pair < 0) {
                throw new EgressUnavailableException(
                        "all addresses of the pool %s are in use".formatted(config.pool()));
            }
            EgressLeg.Ends ends = ends(pair, AddressFamily.IPV4);
            NetlinkRequest request = new NetlinkRequest();
            Links.pair(
                    request,
                    new Links.End(ends.name(), ends.index()),
                    new Links.End("eth0", INSIDE_INDEX),
                    new Links.Place.OfProcess(pid));
            Links.address(request, ends.index(), ends.gateway(), 31);
            Links.rate(request, ends.index(), config.limits().bytesPerSecondMax());
            try {
                way.routes().send(request);
                return pair;
            } catch (ErrnoException e) {
                pairs.giveBack(pair);
                if (e.errno() != Errno.EEXIST) {
                    throw EgressUnavailableException.because(e);
                }
            }
        }
        throw new EgressUnavailableException("%d interfaces in turn were not gone yet".formatted(ATTEMPTS_MAX));
    }

    /** The sandbox's end, with IPv4. IPv6 goes before the interface is up, or it would give itself an address. */
    private void furnish(int pidfd, EgressLeg.Ends ends) {
        NetlinkSocket inside = namespaces.inside(pidfd, () -> {
            descriptors.tryWriteText("/proc/sys/net/ipv6/conf/eth0/disable_ipv6", "1");
            return new NetlinkSocket(descriptors, sockets, NetlinkSocket.ROUTE);
        });
        try (inside) {
            NetlinkRequest request = new NetlinkRequest();
            Links.up(request, INSIDE_INDEX);
            Links.address(request, INSIDE_INDEX, ends.inside(), 31);
            Links.defaultRoute(request, INSIDE_INDEX, ends.gateway());
            Links.rate(request, INSIDE_INDEX, config.limits().bytesPerSecondMax());
            inside.send(request);
        }
    }

    private List<EgressLeg.Ends> ends(int pair, List<AddressFamily> families) {
        return families.stream().map(family -> ends(pair, family)).toList();
    }

    private EgressLeg.Ends ends(int pair, AddressFamily family) {
        Cidr pool = config.pool(family);
        return new EgressLeg.Ends("s" + pair, ROUTER_INDEX_FIRST + pair, pool.at(2 * pair), pool.at(2 * pair + 1));
    }

    private synchronized Router router() {
        Router now = router;
        if (closed) {
            throw new EgressUnavailableException("the node is stopping");
        }
        if (now == null) {
            try {
                now = Router.open(descriptors, sockets, namespaces, config, nameservers());
            } catch (ErrnoException e) {
                throw EgressUnavailableException.because(e);
            }
            router = now;
        }
        return now;
    }

    /** How many interfaces to sandboxes there are; the kernel takes those of dead ones away in its own time. */
    public int legs() {
        return interfaces().size();
    }

    /** Interfaces of the router whose pair of addresses nobody has; those of a sandbox that has just ended are among them for a moment. */
    public Set<String> strays() {
        return interfaces().stream()
                .filter(name -> !pairs.isTaken(Integer.parseInt(name.substring(1))))
                .collect(Collectors.toSet());
    }

    private List<String> interfaces() {
        Router now = opened();
        if (now == null) {
            return List.of();
        }
        String devices = namespaces.inside(now.namespace(), () -> descriptors.readText("/proc/thread-self/net/dev"));
        return devices == null
                ? List.of()
                : devices.lines()
                        .map(line -> line.strip().split(":")[0])
                        .filter(name -> name.matches("s\\d{1,9}"))
                        .toList();
    }

    /** Descriptors of the network namespaces that it holds. */
    public List<Integer> namespaces() {
        Router now = opened();
        return now == null ? List.of() : List.of(now.outside(), now.namespace());
    }

    private synchronized @Nullable Router opened() {
        return router;
    }

    private List<Cidr> nameservers() {
        if (!config.nameservers().isEmpty()) {
            return config.nameservers();
        }
        for (String file : List.of("/etc/resolv.conf", "/run/systemd/resolve/resolv.conf")) {
            String text = descriptors.readText(file);
            List<Cidr> servers = text == null ? List.of() : Nameservers.reachable(text);
            if (!servers.isEmpty()) {
                return servers;
            }
        }
        throw new EgressUnavailableException("no name server of this host can be reached from a sandbox: "
                + "/etc/resolv.conf has none outside of loopback; set wisp.node.network.nameservers");
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (router != null) {
            router.close();
            router = null;
            ipv6 = null;
        }
    }
}
