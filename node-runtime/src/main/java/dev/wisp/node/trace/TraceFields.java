package dev.wisp.node.trace;

/**
 * The fields of W3C Trace Context that a workload gets.
 *
 * @param isContinued whether the caller's trace goes on: then its {@code tracestate} does, too
 */
public record TraceFields(String traceparent, boolean isContinued) {}
