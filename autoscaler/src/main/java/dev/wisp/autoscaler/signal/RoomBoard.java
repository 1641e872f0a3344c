package dev.wisp.autoscaler.signal;

import dev.wisp.autoscaler.placement.NodeRoom;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import dev.wisp.contracts.revision.Limits;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What every node has left while one pass goes through the revisions: reckoned once, then again only for nodes that a plan names. Doing so for
 * all thousand of them at each of ten thousand revisions took most of a pass. Owned by the loop's thread.
 */
final class RoomBoard {

    private final Fleet fleet;
    private final Promised promised;
    private final List<NodeRoom> rooms;
    private final Map<String, Integer> places = new HashMap<>();

    RoomBoard(Fleet fleet, Promised promised) {
        this.fleet = fleet;
        this.promised = promised;
        this.rooms = fleet.rooms(promised);
        for (int place = 0; place < rooms.size(); place++) {
            places.put(rooms.get(place).nodeId(), place);
        }
    }

    List<NodeRoom> rooms() {
        return Collections.unmodifiableList(rooms);
    }

    void add(List<NodeShare> shares, Map<String, Integer> existing, Limits each) {
        promised.add(shares, existing, each);
        reckon(shares);
    }

    void remove(List<NodeShare> shares, Map<String, Integer> existing, Limits each) {
        promised.remove(shares, existing, each);
        reckon(shares);
    }

    private void reckon(List<NodeShare> shares) {
        for (NodeShare share : shares) {
            Integer place = places.get(share.nodeId());
            if (place != null) {
                rooms.set(place, fleet.room(share.nodeId(), promised));
            }
        }
    }
}
