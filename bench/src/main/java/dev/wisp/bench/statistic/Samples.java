package dev.wisp.bench.statistic;

import org.HdrHistogram.Histogram;

/** Durations of one kind, in microseconds, kept to three significant digits. Owned by one thread. */
public final class Samples {

    private static final long MICROS_MAX = 600_000_000;
    private static final int DIGITS = 3;

    private final Histogram histogram = new Histogram(MICROS_MAX, DIGITS);

    /** Longer than ten minutes counts as ten minutes. */
    public void add(long micros) {
        histogram.recordValue(Math.clamp(micros, 0, MICROS_MAX));
    }

    public void addAll(Samples other) {
        histogram.add(other.histogram);
    }

    public long count() {
        return histogram.getTotalCount();
    }

    public Series series(String name) {
        return new Series(
                name,
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                null,
                null);
    }
}
