package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.demand.DemandReport;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which gateways cannot reach which nodes, by the last report of each. Aged by when they came, so that clocks need not agree. Owned by the
 * loop's thread.
 */
final class NodeDoubts {

    /** A gateway reports every 250 ms while there is load: one that missed four has none, or is gone itself. */
    private static final Duration REPORT_EXPIRY = Duration.ofSeconds(1);

    private static final int GATEWAYS_MAX = 256;

    private final Map<String, Report> reports = new HashMap<>();

    private record Report(Instant seenAt, Set<String> unreachable) {}

    void see(DemandReport report, Instant now) {
        reports.values().removeIf(last -> last.seenAt().plus(REPORT_EXPIRY).isBefore(now));
        if (reports.size() < GATEWAYS_MAX || reports.containsKey(report.gatewayId())) {
            reports.put(report.gatewayId(), new Report(now, Set.copyOf(report.unreachable())));
        }
    }

    /** Gateways that reported of late. */
    int gateways() {
        return reports.size();
    }

    /** Those of them that the node refused. */
    int refused(String nodeId) {
        return (int) reports.values().stream()
                .filter(report -> report.unreachable().contains(nodeId))
                .count();
    }
}
