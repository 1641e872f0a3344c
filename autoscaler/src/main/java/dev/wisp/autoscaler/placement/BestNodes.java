package dev.wisp.autoscaler.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The best of the nodes that are new to a revision, by one look at each: sorting a thousand of them for every revision took fifty times as
 * long. Spread over the values of a label, the best of each value come in turn.
 */
final class BestNodes {

    private final int max;
    private final @Nullable String spreadBy;
    private final Map<String, Ranking> byValue = new TreeMap<>();
    private final Ranking all;

    /** Best first. */
    private static final class Ranking {
        private final Candidate[] best;
        private int found;

        private Ranking(int max) {
            best = new Candidate[max];
        }

        private boolean takes(long key) {
            return found < best.length || key <= best[found - 1].key();
        }

        private void offer(Candidate candidate) {
            int place = found;
            while (place > 0 && candidate.isBefore(best[place - 1])) {
                place--;
            }
            if (place == best.length) {
                return;
            }
            System.arraycopy(best, place, best, place + 1, Math.min(found, best.length - 1) - place);
            best[place] = candidate;
            found = Math.min(found + 1, best.length);
        }
    }

    BestNodes(int max, @Nullable String spreadBy) {
        this.max = max;
        this.spreadBy = spreadBy;
        this.all = new Ranking(max);
    }

    /** Whether a node with that key can still come in. */
    boolean takes(NodeRoom room, long key) {
        return ranking(room).takes(key);
    }

    void offer(Candidate candidate) {
        ranking(candidate.room()).offer(candidate);
    }

    List<Candidate> best() {
        if (spreadBy == null) {
            return Arrays.asList(all.best).subList(0, all.found);
        }
        List<Candidate> mixed = new ArrayList<>();
        for (int rank = 0; rank < max && mixed.size() < max; rank++) {
            List<Candidate> round = new ArrayList<>();
            for (Ranking ranking : byValue.values()) {
                if (rank < ranking.found) {
                    round.add(ranking.best[rank]);
                }
            }
            round.sort((a, b) -> a.isBefore(b) ? -1 : 1);
            mixed.addAll(round.subList(0, Math.min(round.size(), max - mixed.size())));
        }
        return mixed;
    }

    private Ranking ranking(NodeRoom room) {
        return spreadBy == null
                ? all
                : byValue.computeIfAbsent(room.labels().getOrDefault(spreadBy, ""), value -> new Ranking(max));
    }
}
