package dev.wisp.node.network;

import dev.wisp.contracts.revision.Cidr;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.ErrnoException;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Sockets;
import java.util.List;
import java.util.Map;

/** Tries on this host what egress needs, router, rules and a sandbox's interfaces, in namespaces made for that and gone afterwards. */
public final class EgressProbe {

    private static final Cidr NAMESERVER = Cidr.parse("192.0.2.53");
    private static final EgressLeg.Ends ENDS = ends("s1", EgressConfig.POOL_DEFAULT);

    private final Descriptors descriptors = new Descriptors(Kernel.load());
    private final Sockets sockets = new Sockets(Kernel.load());

    private EgressProbe() {}

    private static EgressLeg.Ends ends(String name, Cidr pool) {
        return new EgressLeg.Ends(name, 1001, pool.at(2), pool.at(3));
    }

    /** What this host or process lacks, empty when nothing. */
    public static String missing() {
        try {
            new EgressProbe().tryAll();
            return "";
        } catch (ErrnoException | EgressUnavailableException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void tryAll() {
        try (NamespaceSockets namespaces = new NamespaceSockets(descriptors, new Processes(Kernel.load()), sockets)) {
            int outside = namespaces.create();
            try {
                tryFrom(outside, namespaces);
            } finally {
                descriptors.close(outside);
            }
        }
    }

    private void tryFrom(int outside, NamespaceSockets namespaces) {
        namespaces.inside(outside, () -> {
            descriptors.writeText("/proc/sys/net/ipv4/ip_forward", "1");
            return true;
        });
        EgressConfig config = new EgressConfig(
                "probe",
                "/proc/self/fd/" + outside,
                EgressConfig.POOL_DEFAULT,
                List.of(NAMESERVER),
                Map.of(),
                0,
                EgressConfig.Limits.DEFAULT);
        try (Router router = Router.open(descriptors, sockets, namespaces, config, config.nameservers())) {
            NetlinkRequest request = new NetlinkRequest();
            Links.pair(
                    request,
                    new Links.End(ENDS.name(), ENDS.index()),
                    new Links.End("eth0", ENDS.index()),
                    new Links.Place.OfDescriptor(outside));
            Links.rate(request, ENDS.index(), config.limits().bytesPerSecondMax());
            router.routes().send(request);
            EgressPlan everywhere = new EgressPlan(List.of(), List.of(EgressPlanner.EVERYWHERE), false);
            router.filter().send(EgressRules.attach(List.of(ENDS), everywhere, config.limits(), config.nameservers()));
        }
    }
}
