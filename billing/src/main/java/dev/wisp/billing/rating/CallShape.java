package dev.wisp.billing.rating;

/**
 * An average call, for an estimate before there is one.
 *
 * @param startMicros of a cold start, spread over all calls by {@code coldStartBasisPoints}
 * @param coldStartBasisPoints of calls that start an instance, in hundredths of a percent
 * @param concurrency calls that share an instance's time, 1 or more
 */
public record CallShape(
        long requests,
        long appMicros,
        long startMicros,
        int coldStartBasisPoints,
        long cpuMicros,
        long cpuMillis,
        long memoryBytes,
        long diskBytes,
        long bytesOut,
        int concurrency) {

    public CallShape {
        if (requests < 0
                || appMicros < 0
                || startMicros < 0
                || cpuMicros < 0
                || cpuMillis < 0
                || memoryBytes < 0
                || diskBytes < 0
                || bytesOut < 0) {
            throw new IllegalArgumentException("a call's quantities must be >= 0");
        }
        if (concurrency < 1 || coldStartBasisPoints < 0 || coldStartBasisPoints > MeterPrice.WHOLE_BASIS_POINTS) {
            throw new IllegalArgumentException("concurrency=%d, must be >= 1; coldStartBasisPoints=%d, must be 0..%d"
                    .formatted(concurrency, coldStartBasisPoints, MeterPrice.WHOLE_BASIS_POINTS));
        }
    }
}
