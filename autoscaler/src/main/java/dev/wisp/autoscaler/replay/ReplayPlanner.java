package dev.wisp.autoscaler.replay;

import dev.wisp.autoscaler.keepalive.IdleLevels;
import dev.wisp.autoscaler.keepalive.IdleLevels.Ended;
import dev.wisp.autoscaler.keepalive.KeepAlive;
import java.util.PriorityQueue;
import java.util.function.Function;

/**
 * Replays calls one by one: an instance serves one at a time, a call takes the instance that became idle last, and the call of a cold start
 * takes no longer in its instance for it, so that the load is the same under every policy.
 */
public final class ReplayPlanner {

    private ReplayPlanner() {}

    /** The keep-alive is asked for once per function, because it learns. */
    public static ReplayResult replay(Recording recording, Function<CallSeries, KeepAlive> keepAlive) {
        ReplayResult sum = ReplayResult.NONE;
        for (CallSeries series : recording.series()) {
            sum = sum.plus(replay(series, new IdleLevels(keepAlive.apply(series)), recording.endSeconds()));
        }
        return sum;
    }

    private static ReplayResult replay(CallSeries series, IdleLevels levels, double endSeconds) {
        PriorityQueue<Double> ends = new PriorityQueue<>();
        Sum sum = new Sum();
        for (int call = 0; call < series.calls(); call++) {
            double at = series.arrival(call);
            finish(levels, ends, at);
            sum.add(levels.rise(at));
            ends.add(at + series.serviceSeconds(call));
        }
        finish(levels, ends, endSeconds);
        levels.unended(endSeconds).forEach(sum::addUnended);
        return new ReplayResult(series.calls(), sum.coldStarts, sum.startsAhead, sum.heldSeconds * series.memoryGb());
    }

    private static void finish(IdleLevels levels, PriorityQueue<Double> ends, double until) {
        for (Double end = ends.peek(); end != null && end <= until; end = ends.peek()) {
            levels.fall(end);
            ends.remove();
        }
    }

    /** What the idle times of one function add up to. */
    private static final class Sum {
        private long coldStarts;
        private long startsAhead;
        private double heldSeconds;

        void add(Ended ended) {
            coldStarts += ended.warm() ? 0 : 1;
            addUnended(ended);
        }

        void addUnended(Ended ended) {
            startsAhead += ended.startsAhead();
            heldSeconds += ended.heldSeconds();
        }
    }
}
