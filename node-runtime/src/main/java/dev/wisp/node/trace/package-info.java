/** Spans of invocations, sent to an OpenTelemetry receiver where one is configured; nothing of it is made otherwise. */
@NullMarked
package dev.wisp.node.trace;

import org.jspecify.annotations.NullMarked;
