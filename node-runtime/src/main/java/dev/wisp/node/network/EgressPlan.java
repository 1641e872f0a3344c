package dev.wisp.node.network;

import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import java.util.List;

/**
 * Where one sandbox may connect to.
 *
 * @param opened private places, asked before private ranges are refused
 * @param publicly places asked after that; private addresses inside them stay closed
 * @param ipv6 whether it has IPv6 beside IPv4
 */
public record EgressPlan(List<Allowed> opened, List<Allowed> publicly, boolean ipv6) {

    public EgressPlan {
        opened = List.copyOf(opened);
        publicly = List.copyOf(publicly);
    }
}
