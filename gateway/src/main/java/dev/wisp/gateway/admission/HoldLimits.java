package dev.wisp.gateway.admission;

/**
 * Bounds on what the gateway holds.
 *
 * @param queueDepthMax requests held for one revision
 * @param totalDepthMax requests held in all
 * @param bytesMax estimated memory of all held requests
 * @param waitMillisMax longest time a request is held; a shorter timeout of its revision comes first
 * @param attemptsMax instances one request is offered to
 * @param routeWaitMillisMax longest time a request is held whose service has no ready revision
 */
public record HoldLimits(
        int queueDepthMax,
        int totalDepthMax,
        long bytesMax,
        long waitMillisMax,
        int attemptsMax,
        long routeWaitMillisMax) {

    public HoldLimits {
        if (routeWaitMillisMax < 0) {
            throw new IllegalArgumentException("routeWaitMillisMax=%d, must be >= 0".formatted(routeWaitMillisMax));
        }
        if (queueDepthMax < 1 || totalDepthMax < 1 || bytesMax < 1 || waitMillisMax < 1 || attemptsMax < 1) {
            throw new IllegalArgumentException(
                    "queueDepthMax=%d, totalDepthMax=%d, bytesMax=%d, waitMillisMax=%d, attemptsMax=%d, must be > 0"
                            .formatted(queueDepthMax, totalDepthMax, bytesMax, waitMillisMax, attemptsMax));
        }
    }
}
