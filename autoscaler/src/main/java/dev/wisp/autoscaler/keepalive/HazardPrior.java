package dev.wisp.autoscaler.keepalive;

import java.util.stream.IntStream;

/**
 * What is believed of a level before anything is known of it, with the weight of one idle time: the longer it has been idle, the longer it
 * will be. The share of idle times longer than t is (1 + t / 1 s) to the power of -0.6. No trace was fitted for it: on samples with
 * exponents of 0.3 to 1 and weights of 0.3 to 3 the results differ by a few per cent.
 */
final class HazardPrior {

    private static final double EXPONENT = 0.6;
    private static final double SCALE_SECONDS = 1;
    private static final double WEIGHT = 1;

    private static final double[] CALLS =
            IntStream.range(0, AgeBins.COUNT).mapToDouble(HazardPrior::expected).toArray();

    private HazardPrior() {}

    static double calls(int bin) {
        return CALLS[bin];
    }

    static double seconds(int bin) {
        return WEIGHT * (AgeBins.toSeconds(bin) - AgeBins.fromSeconds(bin));
    }

    private static double expected(int bin) {
        return WEIGHT
                * EXPONENT
                * Math.log((AgeBins.toSeconds(bin) + SCALE_SECONDS) / (AgeBins.fromSeconds(bin) + SCALE_SECONDS));
    }
}
