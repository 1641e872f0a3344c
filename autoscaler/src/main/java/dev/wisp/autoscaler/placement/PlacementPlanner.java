package dev.wisp.autoscaler.placement;

import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Divides one revision over nodes in two steps. First grants: how many instances a node may have in all. They stay as they were unless
 * a node went, filled up or came, because two nodes that act on plans of different age must never be allowed more than
 * {@code max-scale} together. Then counts, within the grants: where instances are already, they stay. What is left of a grant is burst.
 * Which nodes may have a share at all, and in which order, is {@link CandidateNodes}'.
 */
public final class PlacementPlanner {

    /** A gateway asks nodes one after the other, so more would not be asked in time; also bounds the size of a plan. */
    static final int BURST_NODES_MAX = 8;

    private PlacementPlanner() {}

    /**
     * Places one revision.
     *
     * @param rooms what each node that is alive can still take, without what the revision has there
     */
    public static Placement place(PlacementNeed need, List<NodeRoom> rooms, PlacementSettings settings) {
        CandidateNodes nodes = new CandidateNodes(need, settings);
        List<Slot> slots = slots(need, nodes.inOrder(rooms, BURST_NODES_MAX));
        int left = need.maxScale() > 0 ? need.maxScale() : saturatedSum(need.desired(), settings.burstDefault());
        left = keepGrants(slots, left);
        left = grantToExisting(slots, left);
        grantNew(need, slots, left);
        int unplaced = placeNew(need, slots, countExisting(slots, need.desired()));
        List<NodeShare> shares = shares(slots);
        return new Placement(shares, unplaced, unplaced > 0 || shares.isEmpty() ? nodes.obstacles(rooms) : "");
    }

    /** One node while the plan is made. */
    private static final class Slot {
        private final String nodeId;
        private final String place;
        private final int existing;
        private final int fitting;
        private final int roomy;
        private final int previousGrant;
        private int grant;
        private int count;

        private Slot(Candidate candidate, String place, int existing, int previousGrant) {
            this.nodeId = candidate.nodeId();
            this.place = place;
            this.existing = existing;
            this.fitting = candidate.fitting();
            this.roomy = candidate.roomy();
            this.previousGrant = previousGrant;
        }

        private boolean isFull() {
            return fitting == 0;
        }

        private int roomInAll() {
            return saturatedSum(existing, fitting);
        }

        /** How many more it can hold; those beyond its head-room only once nothing else is left. */
        private int open(boolean withHeadroom) {
            int inAll = saturatedSum(existing, withHeadroom ? fitting : roomy);
            return Math.max(0, Math.min(grant, inAll) - count);
        }
    }

    private static List<Slot> slots(PlacementNeed need, List<Candidate> candidates) {
        Map<String, Integer> grants = new HashMap<>();
        for (NodeShare share : need.previous()) {
            grants.put(share.nodeId(), share.count() + share.burst());
        }
        String label = need.placement().spreadBy();
        List<Slot> slots = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            slots.add(new Slot(
                    candidate,
                    place(candidate, label),
                    need.existingOn(candidate.nodeId()),
                    grants.getOrDefault(candidate.nodeId(), 0)));
        }
        return slots;
    }

    private static String place(Candidate candidate, @Nullable String label) {
        return label == null ? "" : candidate.room().labels().getOrDefault(label, "");
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

    /** Returns how many found no room, which is asked for in the head-room last. */
    private static int placeNew(PlacementNeed need, List<Slot> slots, int wanted) {
        if (need.placement().spreadBy() != null) {
            return spreadByPlace(slots, spreadByPlace(slots, wanted, false), true);
        }
        return spread(slots, spread(slots, wanted, false), true);
    }

    /** New instances go in equal parts to nodes that are granted them and have room, so that losing one node loses few. */
    private static int spread(List<Slot> slots, int wanted, boolean withHeadroom) {
        int left = wanted;
        boolean placed = !slots.isEmpty();
        while (left > 0 && placed) {
            placed = false;
            int part = Math.max(1, left / slots.size());
            for (Slot slot : slots) {
                int more = Math.min(Math.min(part, left), slot.open(withHeadroom));
                slot.count += more;
                left -= more;
                placed |= more > 0;
            }
        }
        return left;
    }

    /** One after the other to where the label's value has the fewest, and there to the node with the fewest. */
    private static int spreadByPlace(List<Slot> slots, int wanted, boolean withHeadroom) {
        Map<String, Integer> counts = new HashMap<>();
        slots.forEach(slot -> counts.merge(slot.place, slot.count, Integer::sum));
        int left = wanted;
        while (left > 0) {
            Slot least = null;
            for (Slot slot : slots) {
                if (slot.open(withHeadroom) > 0 && (least == null || isEmptier(slot, least, counts))) {
                    least = slot;
                }
            }
            if (least == null) {
                return left;
            }
            least.count++;
            counts.merge(least.place, 1, Integer::sum);
            left--;
        }
        return 0;
    }

    private static boolean isEmptier(Slot slot, Slot than, Map<String, Integer> counts) {
        int difference = counts.getOrDefault(slot.place, 0) - counts.getOrDefault(than.place, 0);
        return difference < 0 || (difference == 0 && slot.count < than.count);
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
