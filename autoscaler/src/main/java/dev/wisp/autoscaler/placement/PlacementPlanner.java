package dev.wisp.autoscaler.placement;

import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Divides one revision over nodes in two steps. First grants: how many instances a node may have in all. They stay as they were unless
 * a node went, filled up or came, because two nodes that act on plans of different age must never be allowed more than
 * {@code max-scale} together. Then counts, within the grants: where instances are already, they stay. What is left of a grant is burst.
 */
public final class PlacementPlanner {

    /** A gateway asks nodes one after the other, so more would not be asked in time; also bounds the size of a plan. */
    static final int BURST_NODES_MAX = 8;

    private PlacementPlanner() {}

    /**
     * Places one revision.
     *
     * @param rooms what each node that is alive can still take, without what the revision has there
     * @param burstDefault burst in all when there is no {@code max-scale}
     */
    public static Placement place(PlacementNeed need, List<NodeRoom> rooms, int burstDefault) {
        List<Slot> slots = slots(need, rooms);
        int left = need.maxScale() > 0 ? need.maxScale() : saturatedSum(need.desired(), burstDefault);
        left = keepGrants(slots, left);
        left = grantToExisting(slots, left);
        grantNew(need, slots, left);
        int unplaced = spread(slots, countExisting(slots, need.desired()));
        return new Placement(shares(slots), unplaced);
    }

    /** One node while the plan is made. */
    private static final class Slot {
        private final String nodeId;
        private final int existing;
        private final int fitting;
        private final int previousGrant;
        private int grant;
        private int count;

        private Slot(String nodeId, int existing, int fitting, int previousGrant) {
            this.nodeId = nodeId;
            this.existing = existing;
            this.fitting = fitting;
            this.previousGrant = previousGrant;
        }

        private boolean isFull() {
            return fitting == 0;
        }

        private int roomInAll() {
            return saturatedSum(existing, fitting);
        }
    }

    /**
     * Nodes of the last plan first, in its order, so that gateways keep asking where the image is warm; full ones last; new ones where
     * the revision already runs, where its cpu limit is a real one, and else spread by hash.
     */
    private static List<Slot> slots(PlacementNeed need, List<NodeRoom> rooms) {
        Map<String, Integer> grants = new HashMap<>();
        Map<String, Integer> ranks = new HashMap<>();
        for (NodeShare share : need.previous()) {
            ranks.put(share.nodeId(), ranks.size());
            grants.put(share.nodeId(), share.count() + share.burst());
        }
        Comparator<NodeRoom> order = Comparator.comparing((NodeRoom room) -> room.fits(need.memoryBytes()) == 0)
                .thenComparingInt(room -> ranks.getOrDefault(room.nodeId(), Integer.MAX_VALUE))
                .thenComparingInt(room -> -need.existingOn(room.nodeId()))
                .thenComparing(room -> room.cpuMillicores() < need.cpuMillicores())
                .thenComparingInt(room -> affinity(need, room))
                .thenComparing(NodeRoom::nodeId);
        return candidates(need, rooms, ranks).stream()
                .sorted(order)
                .map(room -> new Slot(
                        room.nodeId(),
                        need.existingOn(room.nodeId()),
                        room.fits(need.memoryBytes()),
                        grants.getOrDefault(room.nodeId(), 0)))
                .toList();
    }

    /**
     * Nodes that can come to a share: those that have one or run the revision, and the first new ones, since no more are granted anything.
     * One look at each node: sorting a thousand of them for every revision took fifty times as long.
     */
    private static List<NodeRoom> candidates(PlacementNeed need, List<NodeRoom> rooms, Map<String, Integer> ranks) {
        List<NodeRoom> candidates =
                new ArrayList<>(ranks.size() + need.existing().size() + BURST_NODES_MAX);
        NodeRoom[] best = new NodeRoom[BURST_NODES_MAX];
        long[] keys = new long[BURST_NODES_MAX];
        int found = 0;
        int revision = 31 * need.revision().hashCode();
        for (NodeRoom room : rooms) {
            if (!room.schedulable()) {
                continue;
            }
            if (ranks.containsKey(room.nodeId()) || need.existingOn(room.nodeId()) > 0) {
                candidates.add(room);
            } else if (room.fits(need.memoryBytes()) > 0) {
                found = offer(best, keys, found, room, key(need, room, revision));
            }
        }
        candidates.addAll(Arrays.asList(best).subList(0, found));
        return candidates;
    }

    /** Nodes whose cores the cpu limit fits before others, then by affinity. */
    private static long key(PlacementNeed need, NodeRoom room, int revision) {
        long small = room.cpuMillicores() < need.cpuMillicores() ? 1L << 32 : 0;
        return small + affinity(revision, room) - (long) Integer.MIN_VALUE;
    }

    /** Keeps the lowest keys in order, equal ones by the node's name; returns how many there are. */
    private static int offer(NodeRoom[] best, long[] keys, int found, NodeRoom room, long key) {
        int place = found;
        while (place > 0 && isBefore(key, room, keys[place - 1], best[place - 1])) {
            place--;
        }
        if (place == best.length) {
            return found;
        }
        int moved = Math.min(found, best.length - 1) - place;
        System.arraycopy(best, place, best, place + 1, moved);
        System.arraycopy(keys, place, keys, place + 1, moved);
        best[place] = room;
        keys[place] = key;
        return Math.min(found + 1, best.length);
    }

    private static boolean isBefore(long key, NodeRoom room, long otherKey, NodeRoom other) {
        return key < otherKey || (key == otherKey && room.nodeId().compareTo(other.nodeId()) < 0);
    }

    /** Spreads revisions over nodes, each always in the same order (rendezvous hashing; the factor is Knuth's, 2³²/φ). */
    private static int affinity(PlacementNeed need, NodeRoom room) {
        return affinity(31 * need.revision().hashCode(), room);
    }

    private static int affinity(int revision, NodeRoom room) {
        return (revision + room.nodeId().hashCode()) * 0x9E3779B1;
    }

    /** The node has the last word on its resources, so a grant is only cut back once there is no room left at all. */
    private static int keepGrants(List<Slot> slots, int granted) {
        int left = granted;
        for (Slot slot : slots) {
            int kept = slot.isFull() ? Math.min(slot.previousGrant, slot.existing) : slot.previousGrant;
            slot.grant = Math.min(kept, left);
            left -= slot.grant;
        }
        return left;
    }

    private static int grantToExisting(List<Slot> slots, int granted) {
        int left = granted;
        for (Slot slot : slots) {
            int more = Math.clamp(slot.existing - slot.grant, 0, left);
            slot.grant += more;
            left -= more;
        }
        return left;
    }

    /** Gives what is left in equal parts to the first nodes with room, and what one cannot take to the next. */
    private static void grantNew(PlacementNeed need, List<Slot> slots, int granted) {
        List<Slot> takers = slots.stream()
                .filter(slot -> !slot.isFull())
                .limit(BURST_NODES_MAX)
                .toList();
        int left = granted;
        for (int i = 0; i < takers.size(); i++) {
            Slot slot = takers.get(i);
            int part = Math.ceilDiv(left, takers.size() - i);
            int more = Math.clamp(part, 0, Math.max(0, slot.roomInAll() - slot.grant));
            if (isWorthGranting(need, slot.grant, more)) {
                slot.grant += more;
                left -= more;
            }
        }
    }

    /** A few more on top of many would change the plan at every heartbeat of a node that is nearly full. */
    private static boolean isWorthGranting(PlacementNeed need, int grant, int more) {
        return grant < need.desired() || more >= grant / 2;
    }

    /** Instances stay where most of them are; returns how many are still to be placed. */
    private static int countExisting(List<Slot> slots, int desired) {
        List<Slot> mostFirst = new ArrayList<>(slots);
        mostFirst.sort(Comparator.comparingInt(slot -> -slot.existing));
        int left = desired;
        for (Slot slot : mostFirst) {
            slot.count = Math.min(left, Math.min(slot.existing, slot.grant));
            left -= slot.count;
        }
        return left;
    }

    /** New instances go in equal parts to nodes that are granted them and have room, so that losing one node loses few. */
    private static int spread(List<Slot> slots, int wanted) {
        int left = wanted;
        boolean placed = !slots.isEmpty();
        while (left > 0 && placed) {
            placed = false;
            int part = Math.max(1, left / slots.size());
            for (Slot slot : slots) {
                int room = Math.max(0, Math.min(slot.grant, slot.roomInAll()) - slot.count);
                int more = Math.min(Math.min(part, left), room);
                slot.count += more;
                left -= more;
                placed |= more > 0;
            }
        }
        return left;
    }

    private static List<NodeShare> shares(List<Slot> slots) {
        return slots.stream()
                .filter(slot -> slot.grant > 0)
                .map(slot -> new NodeShare(slot.nodeId, slot.count, slot.grant - slot.count))
                .toList();
    }

    private static int saturatedSum(int a, int b) {
        return (int) Math.min(Integer.MAX_VALUE, (long) a + b);
    }
}
