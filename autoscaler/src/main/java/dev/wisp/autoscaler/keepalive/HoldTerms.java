package dev.wisp.autoscaler.keepalive;

/**
 * What holding one instance costs, and what it saves.
 *
 * @param startSeconds time a call waits when no instance is warm
 * @param memoryGb memory an idle instance holds
 * @param worthPerSecond what a second less of waiting is worth to whoever calls
 * @param pricePerGbSecond what a gigabyte held idle for a second costs, in the same money
 */
public record HoldTerms(double startSeconds, double memoryGb, double worthPerSecond, double pricePerGbSecond) {

    public HoldTerms {
        if (!(startSeconds >= 0) || !(memoryGb > 0) || !(worthPerSecond >= 0) || !(pricePerGbSecond >= 0)) {
            throw new IllegalArgumentException(
                    "startSeconds=%s (>= 0), memoryGb=%s (> 0), worthPerSecond=%s (>= 0), pricePerGbSecond=%s (>= 0)"
                            .formatted(startSeconds, memoryGb, worthPerSecond, pricePerGbSecond));
        }
    }

    /**
     * Calls per second that have to be expected for holding to pay: price of a second held over the worth of a start not waited for.
     */
    public double hazardMin() {
        double saved = startSeconds * worthPerSecond;
        return saved > 0 ? memoryGb * pricePerGbSecond / saved : Double.POSITIVE_INFINITY;
    }

    HoldTerms startingIn(double seconds) {
        return new HoldTerms(seconds, memoryGb, worthPerSecond, pricePerGbSecond);
    }
}
