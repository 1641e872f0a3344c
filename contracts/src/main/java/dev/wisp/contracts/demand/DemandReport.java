package dev.wisp.contracts.demand;

import dev.wisp.contracts.revision.RevisionId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Load on one revision as one gateway saw it: sent every 250 ms while there is any, at once on 0 to 1, and once more when it ended.
 *
 * @param windowMillis time the figures cover, ending at {@code at}
 * @param inFlight requests inside instances at {@code at}
 * @param queued requests held at {@code at}
 * @param arrivals requests that arrived in the window
 * @param averageConcurrency time-weighted mean of in flight plus queued over the window
 * @param peakConcurrency highest in flight plus queued in the window
 * @param unreachable nodes that lately refused this gateway a connection, at most {@link #UNREACHABLE_MAX}; a gateway of before there
 *     was such a list knows of none
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
        int peakConcurrency,
        @Nullable List<String> unreachable) {

    /** Bounds the report: where more nodes than these are gone at once, the others are noticed by their heartbeats. */
    public static final int UNREACHABLE_MAX = 64;

    public DemandReport {
        unreachable = unreachable == null
                ? List.of()
                : List.copyOf(unreachable.subList(0, Math.min(unreachable.size(), UNREACHABLE_MAX)));
    }

    @Override
    public List<String> unreachable() {
        return Objects.requireNonNull(unreachable, "unreachable");
    }
}
