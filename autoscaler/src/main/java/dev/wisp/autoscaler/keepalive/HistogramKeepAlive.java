package dev.wisp.autoscaler.keepalive;

import java.util.Arrays;

/**
 * The hybrid histogram policy of "Serverless in the Wild" (Shahrad et al., USENIX ATC 2020), the baseline to beat: idle times of the whole
 * revision in {@value #BINS} bins of a minute. It starts an instance shortly before the 5th percentile and keeps it until shortly after the
 * 99th; with too few idle times, it keeps for the histogram's whole range. Its forecast for idle times beyond the range (ARIMA) is not here.
 */
public final class HistogramKeepAlive implements KeepAlive {

    static final int BINS = 240;
    private static final double BIN_SECONDS = 60;
    private static final int SAMPLES_MIN = 5;
    private static final double HEAD = 0.05;
    private static final double TAIL = 0.99;
    private static final double MARGIN = 0.1;

    private final int[] counts = new int[BINS];
    private int total;
    private HoldWindows windows = HoldWindows.until(BINS * BIN_SECONDS);

    @Override
    public HoldWindows windows(int level) {
        return windows;
    }

    @Override
    public void callCame(double idleSeconds) {
        int bin = (int) (idleSeconds / BIN_SECONDS);
        if (bin >= BINS) {
            return;
        }
        counts[bin]++;
        total++;
        if (total >= SAMPLES_MIN) {
            windows = HoldWindows.between(
                    percentileBin(HEAD) * BIN_SECONDS * (1 - MARGIN),
                    (percentileBin(TAIL) + 1) * BIN_SECONDS * (1 + MARGIN));
        }
    }

    private int percentileBin(double share) {
        long sum = 0;
        for (int bin = 0; bin < BINS; bin++) {
            sum += counts[bin];
            if (sum >= share * total) {
                return bin;
            }
        }
        throw new IllegalStateException("total=%d, counts=%s".formatted(total, Arrays.toString(counts)));
    }
}
