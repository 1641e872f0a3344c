package dev.wisp.node.trace;

import dev.wisp.contracts.dataplane.CallTrace;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.revision.RevisionSpec;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one call: the call itself, as a server; below it the time it was held, its start with the start's parts, and the time in the
 * container, as a client, whose id the workload gets. All stand on one wall-clock moment, when the gateway had the head, and on monotonic
 * durations from there. Confined to the call's event loop.
 */
public final class InvocationTrace {

    private final Tracer tracer;
    private final Dispatch dispatch;
    private final boolean continued;
    private final Span call;
    private final Context below;
    private @Nullable Span app;
    private long appBeganMicros;

    InvocationTrace(Tracer tracer, Dispatch dispatch, RevisionSpec revision, String method, SpanContext parent) {
        this.tracer = tracer;
        this.dispatch = dispatch;
        this.continued = parent.isValid();
        this.call = tracer.spanBuilder(method + ' ' + revision.service())
                .setParent(continued ? Context.root().with(Span.wrap(parent)) : Context.root())
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(dispatch.receivedAtMicros(), TimeUnit.MICROSECONDS)
                .startSpan();
        this.below = Context.root().with(call);
        if (call.isRecording()) {
            describe(revision, method);
        }
    }

    /** What an example names; null when nothing of it is sent, for that is nobody's example. */
    public @Nullable CallTrace example() {
        SpanContext context = call.getSpanContext();
        return context.isSampled() ? new CallTrace(context.getTraceId(), context.getSpanId()) : null;
    }

    /**
     * What the workload gets, the same at every attempt.
     *
     * @param totalMicros since the gateway had the head, up to the moment from which the record counts time in the container
     */
    public TraceFields fields(long totalMicros) {
        Span span = app;
        if (span == null) {
            appBeganMicros = dispatch.receivedAtMicros() + totalMicros;
            span = tracer.spanBuilder("app")
                    .setParent(below)
                    .setSpanKind(SpanKind.CLIENT)
                    .setStartTimestamp(appBeganMicros, TimeUnit.MICROSECONDS)
                    .startSpan();
            app = span;
        }
        return new TraceFields(TraceParent.write(span.getSpanContext()), continued);
    }

    /**
     * Closes all spans; once.
     *
     * @param totalMicros since the gateway had the head
     */
    public void ended(InvocationRecord record, long totalMicros) {
        if (!call.isRecording()) {
            return;
        }
        long received = dispatch.receivedAtMicros();
        if (dispatch.queueMicros() > 0) {
            span(below, "queue", received, received + dispatch.queueMicros());
        }
        if (dispatch.startMicros() > 0) {
            started(received + dispatch.queueMicros(), dispatch.startMicros());
        }
        Span inContainer = app;
        if (inContainer != null) {
            inContainer.setAttribute("wisp.cpu_us", record.cpuMicros());
            judge(inContainer, record);
            inContainer.end(appBeganMicros + record.appMicros(), TimeUnit.MICROSECONDS);
        }
        call.setAttribute("http.response.status_code", record.status());
        call.setAttribute("wisp.billed_ms", record.billedMillis());
        call.setAttribute("wisp.cost_picos", record.costPicos());
        judge(call, record);
        call.end(received + totalMicros, TimeUnit.MICROSECONDS);
    }

    private void describe(RevisionSpec revision, String method) {
        call.setAttribute("http.request.method", method);
        call.setAttribute("faas.trigger", dispatch.trigger().label());
        call.setAttribute("faas.name", revision.service());
        call.setAttribute("faas.version", revision.id().name());
        call.setAttribute("faas.instance", dispatch.instanceId());
        call.setAttribute("faas.invocation_id", dispatch.invocationId().toString());
        call.setAttribute("faas.coldstart", dispatch.cold() != null);
        call.setAttribute("wisp.namespace", revision.id().namespace());
    }

    /** The parts end with the start; of a start that was under way before this call came, what was before is not this call's. */
    private void started(long beganMicros, long micros) {
        Span start = tracer.spanBuilder("start")
                .setParent(below)
                .setStartTimestamp(beganMicros, TimeUnit.MICROSECONDS)
                .startSpan();
        StartTiming cold = dispatch.cold();
        if (cold != null) {
            Context inside = Context.root().with(start);
            long at = beganMicros
                    + micros
                    - cold.phases().stream()
                            .mapToLong(StartTiming.Phase::micros)
                            .sum();
            for (StartTiming.Phase phase : cold.phases()) {
                long end = at + phase.micros();
                if (end > beganMicros) {
                    span(inside, "start " + phase.name(), Math.max(at, beganMicros), end);
                }
                at = end;
            }
        }
        start.end(beganMicros + micros, TimeUnit.MICROSECONDS);
    }

    private void span(Context parent, String name, long fromMicros, long toMicros) {
        tracer.spanBuilder(name)
                .setParent(parent)
                .setStartTimestamp(fromMicros, TimeUnit.MICROSECONDS)
                .startSpan()
                .end(toMicros, TimeUnit.MICROSECONDS);
    }

    private static void judge(Span span, InvocationRecord record) {
        if (record.outcome() != Outcome.SUCCESS) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", record.outcome().name().toLowerCase(Locale.ROOT));
        }
    }
}
