package dev.wisp.autoscaler.decision;

import dev.wisp.contracts.revision.ScalingSpec.Averaging;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * A sliding window in buckets of one second, averaged linearly or with weights that fall exponentially with age. Seconds before the first write do not count, so a young window is not
 * diluted; seconds without a write between two writes count as 0. Owned by one thread.
 */
public final class WindowBuckets {

    private static final double PRECISION = 1e6;

    /** Knative's: the weights of a full window add up to this, and the newest second has a fifth at least. */
    private static final double WEIGHTS_SUM = 0.9999;

    private static final double NEWEST_WEIGHT_MIN = 0.2;

    private final double[] buckets;
    private final Averaging averaging;
    private boolean written;
    private long firstSecond;
    private long lastSecond;
    private double total;

    /** Averaged linearly. */
    public WindowBuckets(Duration window) {
        this(window, Averaging.LINEAR);
    }

    /** The window must be whole seconds, at least one. */
    public WindowBuckets(Duration window, Averaging averaging) {
        if (window.toSeconds() < 1 || window.toMillis() % 1_000 != 0) {
            throw new IllegalArgumentException("window=%s, must be whole seconds, >= 1".formatted(window));
        }
        this.averaging = averaging;
        this.buckets = new double[Math.toIntExact(window.toSeconds())];
    }

    /** Adds to the bucket of {@code at}; what is older than the window is ignored. */
    public void add(Instant at, double value) {
        long second = at.getEpochSecond();
        if (!written || second - lastSecond >= buckets.length) {
            restart(second);
        } else if (second > lastSecond) {
            forget(lastSecond + 1, second);
            lastSecond = second;
        } else if (lastSecond - second >= buckets.length) {
            return;
        }
        firstSecond = Math.min(firstSecond, second);
        buckets[index(second)] += value;
        total += value;
    }

    /** Average over the window that ends at {@code now}; 0 when nothing was written for a whole window. */
    public double average(Instant now) {
        long late = Math.max(0, now.getEpochSecond() - lastSecond);
        if (!written || late >= buckets.length) {
            return 0;
        }
        if (averaging == Averaging.WEIGHTED_EXPONENTIAL) {
            return weighted(lastSecond + late, buckets[index(lastSecond)], late);
        }
        double sum = total;
        for (long second = lastSecond + 1; second <= lastSecond + late; second++) {
            sum -= buckets[index(second)];
        }
        return rounded(sum / Math.min(lastSecond - firstSecond + 1, buckets.length - late));
    }

    /**
     * Average with the last bucket, which is still being filled, counted as {@code last}, or left out when that is empty and there are
     * others.
     */
    public double average(OptionalDouble last) {
        if (!written) {
            return 0;
        }
        long count = Math.min(lastSecond - firstSecond + 1, buckets.length);
        if (averaging == Averaging.WEIGHTED_EXPONENTIAL) {
            return last.isEmpty() && count > 1
                    ? weighted(lastSecond - 1, buckets[index(lastSecond - 1)], 0)
                    : weighted(lastSecond, last.orElse(total), 0);
        }
        double finished = total - buckets[index(lastSecond)];
        if (last.isEmpty()) {
            return count == 1 ? rounded(total) : rounded(finished / (count - 1));
        }
        return rounded((finished + last.getAsDouble()) / count);
    }

    /** What was added to the bucket of {@code at}, which must be the last one written or later. */
    public double at(Instant at) {
        return written && at.getEpochSecond() == lastSecond ? buckets[index(lastSecond)] : 0;
    }

    public void clear() {
        written = false;
        total = 0;
        Arrays.fill(buckets, 0);
    }

    /**
     * Newest first, each second weighing a constant factor less than the one after it. Of a window that is not full yet the weights are
     * scaled up to what those of a full one add up to, so that a young window is not diluted.
     *
     * @param newest the last second that counts
     * @param newestValue what it counts as
     * @param empty seconds without a write up to {@code newest}
     */
    private double weighted(long newest, double newestValue, long empty) {
        double factor = 1 - Math.max(NEWEST_WEIGHT_MIN, 1 - Math.pow(1 - WEIGHTS_SUM, 1.0 / buckets.length));
        double sum = 0;
        double weights = 0;
        double weight = 1;
        long oldest = Math.max(firstSecond, newest - buckets.length + 1);
        for (long second = newest; second >= oldest; second--) {
            double value = second == newest && empty == 0 ? newestValue : buckets[index(second)];
            sum += second > newest - empty ? 0 : weight * value;
            weights += weight;
            weight *= factor;
        }
        return rounded(sum / weights);
    }

    private void restart(long second) {
        clear();
        written = true;
        firstSecond = second;
        lastSecond = second;
    }

    private void forget(long from, long to) {
        for (long second = from; second <= to; second++) {
            total -= buckets[index(second)];
            buckets[index(second)] = 0;
        }
    }

    private int index(long second) {
        return (int) Math.floorMod(second, (long) buckets.length);
    }

    /** Cuts the noise that adding and subtracting leaves behind, so that an empty window is exactly 0. */
    private static double rounded(double value) {
        return Math.round(value * PRECISION) / PRECISION;
    }
}
