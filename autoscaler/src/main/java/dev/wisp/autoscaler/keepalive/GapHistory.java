package dev.wisp.autoscaler.keepalive;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The idle times of one level so far, as what an economist of warm instances needs: for each age, how likely it is that the call comes
 * in the next moment, given that it has not come yet (the hazard). It is counted as calls that came at that age, over the time spent at it.
 * Older idle times fade, the last hundred weigh most. Owned by one thread.
 */
final class GapHistory {

    /** Weight of an idle time against the one before it. */
    private static final double GROWTH = 1 / 0.99;

    /** New weights grow instead of old ones being multiplied, until this; then all are brought back. */
    private static final double WEIGHT_MAX = 1e9;

    static final int BYTES = 2 * Float.BYTES * AgeBins.COUNT;

    private final double[] calls = new double[AgeBins.COUNT];
    private final double[] seconds = new double[AgeBins.COUNT];
    private double weight = 1;

    /** One idle time that ended with a call. */
    void add(double gapSeconds) {
        weight *= GROWTH;
        if (weight > WEIGHT_MAX) {
            rescale();
        }
        int last = AgeBins.of(gapSeconds);
        for (int bin = 0; bin < Math.min(last, AgeBins.COUNT); bin++) {
            seconds[bin] += weight * (AgeBins.toSeconds(bin) - AgeBins.fromSeconds(bin));
        }
        if (last < AgeBins.COUNT) {
            seconds[last] += weight * (gapSeconds - AgeBins.fromSeconds(last));
            calls[last] += weight;
        }
    }

    /** Calls per second to expect at the ages of that bin. */
    double hazard(int bin) {
        return (calls[bin] / weight + HazardPrior.calls(bin)) / (seconds[bin] / weight + HazardPrior.seconds(bin));
    }

    /** Whether more than that are to be expected; without a division, since this is asked for every bin at every end of a call. */
    boolean exceeds(int bin, double hazard) {
        return calls[bin] + weight * HazardPrior.calls(bin)
                > hazard * (seconds[bin] + weight * HazardPrior.seconds(bin));
    }

    /** All of it, {@link #BYTES} long. */
    byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        for (int bin = 0; bin < AgeBins.COUNT; bin++) {
            bytes.putFloat((float) (calls[bin] / weight)).putFloat((float) (seconds[bin] / weight));
        }
        return bytes.array();
    }

    /** What {@link #toBytes} gave; empty for anything else. */
    static Optional<GapHistory> of(byte[] bytes) {
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        GapHistory history = new GapHistory();
        ByteBuffer from = ByteBuffer.wrap(bytes);
        for (int bin = 0; bin < AgeBins.COUNT; bin++) {
            history.calls[bin] = from.getFloat();
            history.seconds[bin] = from.getFloat();
            if (!isCount(history.calls[bin]) || !isCount(history.seconds[bin])) {
                return Optional.empty();
            }
        }
        return Optional.of(history);
    }

    private static boolean isCount(double value) {
        return Double.isFinite(value) && value >= 0;
    }

    private void rescale() {
        Arrays.setAll(calls, bin -> calls[bin] / weight);
        Arrays.setAll(seconds, bin -> seconds[bin] / weight);
        weight = 1;
    }
}
