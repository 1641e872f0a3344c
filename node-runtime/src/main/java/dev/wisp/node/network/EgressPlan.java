package dev.wisp.node.network;

import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import java.util.List;

/**
 * Where one sandbox may connect to.
 *
 * @param opened private places, asked before private ranges are refused
 * @param publicly places asked after that; private addresses inside them stay closed
 */
public record EgressPlan(List<Allowed> opened, List<Allowed> publicly) {

    public EgressPlan {
        opened = List.copyOf(opened);
        publicly = List.copyOf(publicly);
    }
}
