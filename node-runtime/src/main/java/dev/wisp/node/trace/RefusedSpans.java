package dev.wisp.node.trace;

import dev.wisp.contracts.dataplane.RefusedCall;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One span for a refused call whose caller traces it: sampled by its own word, for nobody else would look. At most {@value #PER_SECOND_MAX} a second are
 * made, so that a flood of refused calls neither costs more than that nor crowds the spans of served calls out of the queue. Thread-safe.
 */
final class RefusedSpans {

    static final int PER_SECOND_MAX = 100;

    private static final int SERVER_ERRORS = 500;
    /** Of {@link #made}: how many there were in the second above them. */
    private static final int COUNT_BITS = 16;

    private final Tracer tracer;
    private final InstantSource clock;
    private final AtomicLong made = new AtomicLong();

    RefusedSpans(Tracer tracer, InstantSource clock) {
        this.tracer = tracer;
        this.clock = clock;
    }

    void add(RefusedCall call) {
        SpanContext parent = TraceParent.read(call.traceparent());
        Instant now = clock.instant();
        if (!parent.isSampled() || !isWithin(now.getEpochSecond())) {
            return;
        }
        Span span = tracer.spanBuilder(call.method().label())
                .setParent(Context.root().with(Span.wrap(parent)))
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(now.minus(call.micros(), ChronoUnit.MICROS))
                .startSpan();
        span.setAttribute("http.request.method", call.method().label());
        span.setAttribute("http.response.status_code", call.status());
        span.setAttribute("faas.invocation_id", call.invocationId().toString());
        span.setAttribute("wisp.refused", call.code());
        if (call.status() >= SERVER_ERRORS) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", call.code());
        }
        span.end(now);
    }

    private boolean isWithin(long second) {
        long none = second << COUNT_BITS;
        long tooMany = none + PER_SECOND_MAX + 1;
        return made.updateAndGet(before -> before >> COUNT_BITS == second ? Math.min(before + 1, tooMany) : none + 1)
                < tooMany;
    }
}
