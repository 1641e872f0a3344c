package dev.wisp.gateway.repeat;

/**
 * How many requests of a revision may be sent a second time.
 *
 * @param percent repetitions for each hundred calls that were answered
 * @param burst repetitions that may gather; with 0 there are none
 * @param bytesMax bodies that are kept for it by the whole gateway
 */
public record RepeatLimits(int percent, int burst, long bytesMax) {

    /** A fifth, as Finagle's and Linkerd's retry budgets have it. */
    public static final RepeatLimits DEFAULT = new RepeatLimits(20, 20, 16 << 20);

    private static final int BURST_LIMIT = 10_000;

    public RepeatLimits {
        if (percent < 0 || percent > 100 || burst < 0 || burst > BURST_LIMIT || bytesMax < 0) {
            throw new IllegalArgumentException(
                    "repeat: percent=%d, must be 0..100; burst=%d, must be 0..%d; bytesMax=%d, must be >= 0"
                            .formatted(percent, burst, BURST_LIMIT, bytesMax));
        }
    }
}
