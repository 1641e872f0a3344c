package dev.wisp.node.network;

import dev.wisp.node.linux.ErrnoException;
import java.net.InetAddress;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * A sandbox's way out: shut when it is made, since the router drops what comes from an interface in no entry of its map; open for good once it was told where
 * to. Its owner uses it from one thread at a time. The interfaces go with the sandbox's namespace.
 */
public final class EgressLeg implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(EgressLeg.class);

    private final EgressNetwork network;
    private final int pair;
    private List<AddressFamily> open = List.of();

    /**
     * Both ends.
     *
     * @param name of the interface on the router's side, and of its chain
     * @param index of that interface
     * @param gateway address there
     * @param inside address in the sandbox
     */
    record Ends(String name, int index, InetAddress gateway, InetAddress inside) {

        AddressFamily family() {
            return AddressFamily.of(inside);
        }
    }

    EgressLeg(EgressNetwork network, int pair) {
        this.network = network;
        this.pair = pair;
    }

    /**
     * Lets connections through, of IPv6 too when that is in the plan.
     *
     * @param pidfd of the process, which must not run programs of a workload yet
     * @throws EgressUnavailableException naming the step that failed
     */
    public void open(EgressPlan plan, int pidfd) {
        open = network.open(pair, plan, pidfd);
    }

    /** Takes the way away. When that fails the pair of addresses is not used again. */
    @Override
    public void close() {
        try {
            if (!open.isEmpty()) {
                network.shut(pair, open);
            }
            network.giveBack(pair);
        } catch (ErrnoException e) {
            LOG.warnf("a way out was not taken away, its addresses stay in use: %s", e.getMessage());
        }
    }
}
