package dev.wisp.node.metering;

import dev.wisp.node.report.Journal;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What every exchange of a node shares.
 *
 * @param trustForwarding whether the caller's forwarding headers are kept: only behind a gateway of ours
 */
record ExchangeContext(
        String nodeId,
        Journal journal,
        NodePrices prices,
        InvocationMetrics metrics,
        CrashExplainer crashes,
        InstantSource now,
        LongSupplier nanoTime,
        boolean trustForwarding) {

    ExchangeContext trustingForwarding() {
        return new ExchangeContext(nodeId, journal, prices, metrics, crashes, now, nanoTime, true);
    }
}
