package dev.wisp.autoscaler.replay;

import dev.wisp.autoscaler.keepalive.EconomicKeepAlive;
import dev.wisp.autoscaler.keepalive.HoldTerms;
import java.util.List;
import java.util.stream.IntStream;

/** What can be had for what: the economic policy at many prices of memory. */
public final class FrontierPlanner {

    /** Memory times price over start times worth, per second, from holding for hours to holding for moments. */
    private static final double RATIO_MIN = 1e-5;

    private static final int DECADES = 6;

    private FrontierPlanner() {}

    /**
     * One price and what it came to.
     *
     * @param pricePerGbSecond with the worth of a second of waiting being 1
     */
    public record Point(double pricePerGbSecond, ReplayResult result) {}

    /** From cheap to dear memory; prices are swept so that every start time covers the same range of choices. */
    public static List<Point> frontier(Recording recording, double startSeconds, int pointsPerDecade) {
        return IntStream.rangeClosed(0, DECADES * pointsPerDecade)
                .mapToObj(i -> point(recording, startSeconds, (double) i / pointsPerDecade))
                .toList();
    }

    private static Point point(Recording recording, double startSeconds, double decades) {
        double price = RATIO_MIN * Math.pow(10, decades) * startSeconds;
        return new Point(
                price,
                ReplayPlanner.replay(
                        recording,
                        series -> new EconomicKeepAlive(new HoldTerms(startSeconds, series.memoryGb(), 1, price))));
    }
}
