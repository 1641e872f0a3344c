package dev.wisp.autoscaler.placement;

import dev.wisp.contracts.placement.EligibilityPolicy;
import dev.wisp.contracts.placement.EligibilityPolicy.Eligibility;
import dev.wisp.contracts.placement.EligibilityPolicy.Level;
import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.placement.PlacementSpec.Preference;
import dev.wisp.contracts.plan.RevisionPlan.NodeShare;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which nodes can come to a share of a revision, in which order: those that have one or run the revision, and the first new ones, since no more
 * are granted anything.
 */
final class CandidateNodes {

    /** Weights of sixteen preferences together. */
    private static final long SCORE_MAX = 1_600;

    private static final int OBSTACLES_MAX = 3;

    private final PlacementNeed need;
    private final PlacementSettings settings;
    private final Map<String, Integer> ranks = new HashMap<>();
    private final int revision;

    CandidateNodes(PlacementNeed need, PlacementSettings settings) {
        this.need = need;
        this.settings = settings;
        this.revision = 31 * need.revision().hashCode();
        for (NodeShare share : need.previous()) {
            ranks.put(share.nodeId(), ranks.size());
        }
    }

    /**
     * Full ones last; before them nodes of the last plan, in its order, so that gateways keep asking where the revision is warm, those without
     * its image after the others; then where it runs already; then new ones by their key.
     *
     * @param newMax how many new ones
     */
    List<Candidate> inOrder(List<NodeRoom> rooms, int newMax) {
        List<Candidate> candidates =
                new ArrayList<>(ranks.size() + need.existing().size() + newMax);
        BestNodes best = new BestNodes(newMax, need.placement().spreadBy());
        for (NodeRoom room : rooms) {
            look(room, candidates, best);
        }
        candidates.sort(Comparator.comparing((Candidate candidate) -> candidate.fitting() == 0)
                .thenComparing(candidate -> !isPrepared(candidate.nodeId()))
                .thenComparingInt(candidate -> ranks.getOrDefault(candidate.nodeId(), Integer.MAX_VALUE))
                .thenComparingInt(candidate -> -need.existingOn(candidate.nodeId()))
                .thenComparing((a, b) -> a.isBefore(b) ? -1 : b.isBefore(a) ? 1 : 0));
        int full = firstFull(candidates);
        candidates.addAll(full, best.best());
        return candidates;
    }

    /** Why nodes are not asked: the most frequent reasons with the number of nodes. */
    String obstacles(List<NodeRoom> rooms) {
        Map<String, Integer> counts = new TreeMap<>();
        for (NodeRoom room : rooms) {
            counts.merge(obstacle(room), 1, Integer::sum);
        }
        counts.remove("");
        List<String> most = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(OBSTACLES_MAX)
                .map(entry -> "%s (%d)".formatted(entry.getKey(), entry.getValue()))
                .toList();
        return most.isEmpty() ? "" : "of %d nodes: %s".formatted(rooms.size(), String.join(", ", most));
    }

    private String obstacle(NodeRoom room) {
        if (!room.schedulable()) {
            return "draining";
        }
        Eligibility eligibility = eligibility(room);
        if (!eligibility.mayStart()) {
            return eligibility.reason();
        }
        return room.fits(need, 0) == 0 ? room.shortOf(need) : "";
    }

    private void look(NodeRoom room, List<Candidate> candidates, BestNodes best) {
        if (!room.schedulable()) {
            return;
        }
        Level level = eligibility(room).level();
        if (level == Level.EVICTED) {
            return;
        }
        boolean open = level != Level.KEPT;
        int fitting = open ? room.fits(need, 0) : 0;
        if (ranks.containsKey(room.nodeId()) || need.existingOn(room.nodeId()) > 0) {
            candidates.add(candidate(room, fitting, level));
        } else if (fitting > 0) {
            long key = key(room, level);
            if (best.takes(room, key)) {
                best.offer(candidate(room, fitting, level));
            }
        }
    }

    private Eligibility eligibility(NodeRoom room) {
        return EligibilityPolicy.decide(need.placement(), room.labels(), room.taints());
    }

    private Candidate candidate(NodeRoom room, int fitting, Level level) {
        int roomy = fitting == 0 ? 0 : room.fits(need, settings.headroomPercent());
        return new Candidate(room, fitting, roomy, key(room, level));
    }

    /**
     * From the weightiest on: avoided because of a taint, not preferred, without head-room, without the image, fewer cores than the limit. What
     * is left equal is spread by rendezvous hashing, so that a revision always has the same order.
     */
    private long key(NodeRoom room, Level level) {
        long key = level == Level.AVOIDED ? 1 : 0;
        key = key * (SCORE_MAX + 1) + SCORE_MAX - score(room);
        key = key * 2 + (room.fits(need, settings.headroomPercent()) == 0 ? 1 : 0);
        key = key * 2 + (isPrepared(room.nodeId()) ? 0 : 1);
        key = key * 2 + (room.cpuMillicores() < need.cpuMillicores() ? 1 : 0);
        return (key << 32) + affinity(room);
    }

    private long score(NodeRoom room) {
        PlacementSpec placement = need.placement();
        long score = 0;
        for (Preference preference : placement.preferred()) {
            score += preference.term().isMetBy(room.labels()) ? preference.weight() : 0;
        }
        return score;
    }

    private boolean isPrepared(String nodeId) {
        return need.prepared().contains(nodeId);
    }

    /** Knuth's factor, 2³²/φ. */
    private long affinity(NodeRoom room) {
        int hash = (revision + room.nodeId().hashCode()) * 0x9E3779B1;
        return hash - (long) Integer.MIN_VALUE;
    }

    private static int firstFull(List<Candidate> candidates) {
        int full = candidates.size();
        while (full > 0 && candidates.get(full - 1).fitting() == 0) {
            full--;
        }
        return full;
    }
}
