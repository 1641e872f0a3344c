package dev.wisp.autoscaler.placement;

import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import java.util.List;

/**
 * Where a revision's instances go.
 *
 * @param shares nodes in the order in which a gateway asks them
 * @param unplaced instances that no node has room for
 * @param obstacles why nodes were left out, in a sentence; empty when everything was placed somewhere
 */
public record Placement(List<NodeShare> shares, int unplaced, String obstacles) {

    public Placement {
        shares = List.copyOf(shares);
    }
}
