package dev.wisp.node.metering;

import dev.wisp.node.report.Journal;
import dev.wisp.node.trace.Tracing;
import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What every exchange of a node shares.
 *
 * @param tracing null when nobody wants spans
 * @param wheels one for each event loop that exchanges are on
 * @param trustForwarding whether the caller's forwarding headers are kept: only behind a gateway of ours
 */
record ExchangeContext(
        String nodeId,
        Journal journal,
        NodePrices prices,
        InvocationMetrics metrics,
        CrashExplainer crashes,
        @Nullable Tracing tracing,
        InstantSource now,
        LongSupplier nanoTime,
        Map<EventLoop, Deadlines> wheels,
        boolean trustForwarding) {

    /** Time limits of what is under way on an event loop. */
    Deadlines deadlines(EventLoop eventLoop) {
        Deadlines known = wheels.get(eventLoop);
        return known != null ? known : wheels.computeIfAbsent(eventLoop, loop -> new Deadlines(loop, nanoTime));
    }

    ExchangeContext trustingForwarding() {
        return new ExchangeContext(nodeId, journal, prices, metrics, crashes, tracing, now, nanoTime, wheels, true);
    }
}
