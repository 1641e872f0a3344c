package dev.wisp.autoscaler.keepalive;

import java.util.ArrayList;
import java.util.List;

/**
 * The levels of one revision: the first {@code busy} are in use, each above it has been idle since some moment and is held by the windows
 * that were chosen at that moment. Times are seconds on any one clock and must not go back. Owned by one thread.
 */
public final class IdleLevels {

    /** Above this instances are counted, but not held nor learnt from. */
    static final int LEVELS_MAX = 4_096;

    private final KeepAlive keepAlive;
    private final List<Idle> idle = new ArrayList<>();
    private int busy;

    /** Since when a level is idle, and when it is held; of a busy level, what was before it became busy. */
    private record Idle(double since, HoldWindows windows) {}

    /**
     * What one level's idle time came to.
     *
     * @param warm whether the call at its end found an instance
     * @param heldSeconds how long one was held
     * @param startsAhead how often one was started before anyone called
     */
    public record Ended(boolean warm, double heldSeconds, int startsAhead) {

        static final Ended NEW = new Ended(false, 0, 0);
    }

    public IdleLevels(KeepAlive keepAlive) {
        this.keepAlive = keepAlive;
    }

    public int busy() {
        return busy;
    }

    /** One more instance is needed. */
    public Ended rise(double at) {
        busy++;
        if (busy > idle.size()) {
            if (busy > 1) {
                keepAlive.callCame(0);
            }
            return Ended.NEW;
        }
        Idle level = idle.get(busy - 1);
        double age = Math.max(0, at - level.since());
        keepAlive.callCame(busy == 1 ? age : 0);
        keepAlive.levelWasIdle(busy, age);
        return ended(level, age);
    }

    /** One less is needed. */
    public void fall(double at) {
        Idle level = new Idle(at, keepAlive.windows(busy));
        if (busy > idle.size() && busy <= LEVELS_MAX) {
            fill(at);
            idle.add(level);
        } else if (busy <= idle.size()) {
            idle.set(busy - 1, level);
        }
        busy--;
    }

    /** Since when each level above those in use is idle, lowest first. */
    public List<Double> idleSince() {
        return idle.subList(Math.min(busy, idle.size()), idle.size()).stream()
                .map(Idle::since)
                .toList();
    }

    /** Levels that were idle since then before anything was seen here. */
    public void recall(List<Double> idleSince) {
        idle.clear();
        idleSince.stream()
                .limit(LEVELS_MAX)
                .forEach(since -> idle.add(new Idle(since, keepAlive.windows(idle.size() + 1))));
    }

    /** Idle levels that are held at that moment. */
    public int held(double at) {
        int held = 0;
        for (int index = busy; index < idle.size(); index++) {
            Idle level = idle.get(index);
            if (level.windows().holds(at - level.since())) {
                held++;
            }
        }
        return held;
    }

    /** What the idle times that have not ended came to so far. */
    public List<Ended> unended(double at) {
        return idle.subList(Math.min(busy, idle.size()), idle.size()).stream()
                .map(level -> ended(level, Math.max(0, at - level.since())))
                .toList();
    }

    /** The windows of the first level and its age, for who explains them; {@link HoldWindows#NONE} while it is busy or unknown. */
    public HoldWindows firstWindows() {
        return busy > 0 || idle.isEmpty() ? HoldWindows.NONE : idle.getFirst().windows();
    }

    /** Age of the first level, 0 while it is busy or unknown. */
    public double firstAge(double at) {
        return busy > 0 || idle.isEmpty() ? 0 : Math.max(0, at - idle.getFirst().since());
    }

    /** Levels below a new one that have not been idle yet are busy; they get a place. */
    private void fill(double at) {
        while (idle.size() < busy - 1) {
            idle.add(new Idle(at, HoldWindows.NONE));
        }
    }

    private static Ended ended(Idle level, double age) {
        return new Ended(
                level.windows().holds(age),
                level.windows().heldSeconds(age),
                level.windows().startsAhead(age));
    }
}
