package dev.wisp.autoscaler.keepalive;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds what {@link EconomicPolicy} finds worth it, from the idle times this revision has had and the start time that was measured of it.
 */
public final class EconomicKeepAlive implements KeepAlive {

    /** Levels above share a history; each takes about a kilobyte. */
    static final int LEVELS_MAX = 64;

    private final List<GapHistory> levels = new ArrayList<>();
    private HoldTerms terms;

    public EconomicKeepAlive(HoldTerms terms) {
        this.terms = terms;
    }

    @Override
    public HoldWindows windows(int level) {
        return EconomicPolicy.windows(history(level), terms);
    }

    @Override
    public void levelWasIdle(int level, double seconds) {
        history(level).add(seconds);
    }

    /** What a start takes by what was seen lately. */
    public void startsIn(double seconds) {
        terms = terms.startingIn(seconds);
    }

    public HoldTerms terms() {
        return terms;
    }

    /** What was learnt, a history a level. */
    public List<byte[]> learnt() {
        return levels.stream().map(GapHistory::toBytes).toList();
    }

    /** Goes on from what {@link #learnt} gave; a level that cannot be read begins anew. */
    public void recall(List<byte[]> learnt) {
        levels.clear();
        learnt.stream()
                .limit(LEVELS_MAX)
                .map(bytes -> GapHistory.of(bytes).orElseGet(GapHistory::new))
                .forEach(levels::add);
    }

    /** Calls per second expected at that age of a level. */
    public double hazard(int level, double ageSeconds) {
        return history(level).hazard(Math.min(AgeBins.of(ageSeconds), AgeBins.COUNT - 1));
    }

    private GapHistory history(int level) {
        int index = Math.clamp(level, 1, LEVELS_MAX) - 1;
        while (levels.size() <= index) {
            levels.add(new GapHistory());
        }
        return levels.get(index);
    }
}
