package dev.wisp.autoscaler.keepalive;

import java.util.Arrays;

/**
 * Ages in bins that grow by a factor: what happens after ten minutes need not be known to the second. A factor of 2 to the power of 1/4
 * is coarse enough that a timer with some jitter falls into one or two of them.
 */
final class AgeBins {

    /** Below this nothing is told apart: gateways report four times a second. */
    private static final double FIRST_SECONDS = 0.25;

    private static final double GROWTH = Math.pow(2, 0.25);

    /** 4.8 hours; an idle time beyond it counts as one that ended later than anything held. */
    static final int COUNT = 66;

    private static final double[] EDGES = edges();

    private AgeBins() {}

    static double fromSeconds(int bin) {
        return EDGES[bin];
    }

    static double toSeconds(int bin) {
        return EDGES[bin + 1];
    }

    /** {@link #COUNT} for an age beyond the last bin. */
    static int of(double ageSeconds) {
        int found = Arrays.binarySearch(EDGES, ageSeconds);
        return found >= 0 ? found : -found - 2;
    }

    private static double[] edges() {
        double[] edges = new double[COUNT + 1];
        for (int i = 1; i <= COUNT; i++) {
            edges[i] = FIRST_SECONDS * Math.pow(GROWTH, i - 1);
        }
        return edges;
    }
}
