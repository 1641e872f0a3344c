package dev.wisp.bench.statistic;

import java.util.Collection;

/** The middle of a few values. */
public final class Median {

    private Median() {}

    /** Mean of the two middle ones for an even number; 0 for none. */
    public static double of(Collection<? extends Number> values) {
        double[] sorted =
                values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            return 0;
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** {@code a / b} to three decimals, 0 when there is nothing to divide by. */
    public static double ratio(Number a, Number b) {
        double divisor = b.doubleValue();
        return divisor == 0 ? 0 : Math.round(a.doubleValue() / divisor * 1_000) / 1_000.0;
    }
}
