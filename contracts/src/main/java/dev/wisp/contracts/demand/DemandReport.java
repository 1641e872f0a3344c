package dev.wisp.contracts.demand;

import dev.wisp.contracts.revision.RevisionId;
import java.time.Instant;

/**
 * Load on one revision as one gateway saw it: sent every 250 ms while there is any, at once on 0 to 1, and once more when it ended.
 *
 * @param windowMillis time the figures cover, ending at {@code at}
 * @param inFlight requests inside instances at {@code at}
 * @param queued requests held at {@code at}
 * @param arrivals requests that arrived in the window
 * @param averageConcurrency time-weighted mean of in flight plus queued over the window
 * @param peakConcurrency highest in flight plus queued in the window
 */
public record DemandReport(
        RevisionId revision,
        String gatewayId,
        Instant at,
        long windowMillis,
        int inFlight,
        int queued,
        long arrivals,
        double averageConcurrency,
        int peakConcurrency) {}
