package dev.wisp.node.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.RefusedCall;
import dev.wisp.contracts.dataplane.RequestMethod;
import dev.wisp.contracts.dataplane.StartTiming;
import dev.wisp.contracts.dataplane.StartTiming.Phase;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.InvocationRecordBuilder;
import dev.wisp.contracts.invocation.Origin;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.invocation.StartParts;
import dev.wisp.contracts.revision.RevisionSpec;
import dev.wisp.node.fake.FakeNode;
import dev.wisp.testkit.ManualClock;
import dev.wisp.testkit.OtlpReceiver;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a receiver gets of calls, by the protocol's own definitions. */
@Timeout(30)
class TracingTest {

    private static final long RECEIVED = 1_700_000_000_000_000L;
    private static final String CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final RevisionSpec HELLO = FakeNode.hello(0, 60_000, 0);

    private OtlpReceiver receiver;

    @BeforeEach
    void receive() throws Exception {
        receiver = new OtlpReceiver();
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void isNotThereWithoutAReceiver() {
        assertThat(Tracing.of(new TracingSettings(Optional.empty(), 1), "node-1"))
                .isNull();
        assertThat(Tracing.of(new TracingSettings(Optional.of(""), 1), "node-1"))
                .isNull();
    }

    @Test
    void refusesAPartThatIsNone() {
        assertThatThrownBy(() -> Tracing.of(TracingSettings.to(receiver, 1.5), "node-1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sample-ratio=1.5");
        assertThatThrownBy(() -> Tracing.of(TracingSettings.to(receiver, Double.NaN), "node-1"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sendsAColdCallWithItsPartsBelowTheCallersSpan() {
        StartTiming cold = new StartTiming(3_000, List.of(new Phase("claim", 1_000), new Phase("exec", 2_000)));

        TraceFields fields = call(dispatch(50, 2_500, cold), CALLER, Outcome.SUCCESS, 1);

        Span call = receiver.span("GET hello");
        Span app = receiver.span("app");
        Span start = receiver.span("start");
        assertThat(fields)
                .isEqualTo(new TraceFields(
                        "00-4bf92f3577b34da6a3ce929d0e0e4736-" + OtlpReceiver.hex(app.getSpanId()) + "-01", true));
        assertThat(receiver.spans())
                .extracting(span -> OtlpReceiver.hex(span.getTraceId()))
                .containsOnly("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(OtlpReceiver.hex(call.getParentSpanId())).isEqualTo("00f067aa0ba902b7");
        assertThat(List.of(receiver.span("queue"), start, app))
                .extracting(Span::getParentSpanId)
                .containsOnly(call.getSpanId());
        assertThat(List.of(receiver.span("start claim"), receiver.span("start exec")))
                .extracting(Span::getParentSpanId)
                .containsOnly(start.getSpanId());
        assertThat(List.of(call.getKind(), app.getKind()))
                .containsExactly(Span.SpanKind.SPAN_KIND_SERVER, Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(text(call)).isEqualTo("0..9000");
        assertThat(text(receiver.span("queue"))).isEqualTo("0..50");
        assertThat(text(start)).isEqualTo("50..2550");
        assertThat(text(receiver.span("start claim")))
                .as("only what this call waited for")
                .isEqualTo("50..550");
        assertThat(text(receiver.span("start exec"))).isEqualTo("550..2550");
        assertThat(text(app)).isEqualTo("2600..8600");
        assertThat(attribute(call, "faas.coldstart")).isEqualTo("true");
        assertThat(attribute(call, "faas.name")).isEqualTo("hello");
        assertThat(attribute(call, "http.response.status_code")).isEqualTo("200");
        assertThat(receiver.authorizations()).containsOnly("Bearer of-the-receiver");
        assertThat(receiver.received().getFirst().getResource().getAttributesList())
                .extracting(pair -> pair.getKey() + "=" + pair.getValue().getStringValue())
                .contains("service.name=wisp", "service.instance.id=node-1");
    }

    @Test
    void aWarmCallHasNoStartAndAFailedOneSaysWhy() {
        call(dispatch(0, 0, null), null, Outcome.TIMEOUT, 1);

        assertThat(receiver.spans()).extracting(Span::getName).containsExactlyInAnyOrder("app", "GET hello");
        assertThat(receiver.span("GET hello").getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(attribute(receiver.span("GET hello"), "error.type")).isEqualTo("timeout");
        assertThat(receiver.span("GET hello").getParentSpanId().isEmpty()).isTrue();
    }

    @Test
    void theCallersWordIsKeptAndWithoutOneTheRatioDecides() {
        TraceFields refused = call(dispatch(0, 0, null), CALLER.replace("-01", "-00"), Outcome.SUCCESS, 1);
        TraceFields never = call(dispatch(0, 0, null), null, Outcome.SUCCESS, 0);

        assertThat(receiver.spans()).isEmpty();
        assertThat(refused.traceparent())
                .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
                .endsWith("-00");
        assertThat(never.traceparent()).as("random, not sampled").endsWith("-02");
        assertThat(never.isContinued()).isFalse();
        assertThat(call(dispatch(0, 0, null), CALLER, Outcome.SUCCESS, 0).traceparent())
                .endsWith("-01");
        assertThat(receiver.spans()).hasSize(2);
    }

    @Test
    void aRefusedCallIsASpanOfItsCallersTrace() {
        try (Tracing tracing = Objects.requireNonNull(Tracing.of(TracingSettings.to(receiver, 0), "node-1"))) {
            tracing.refused(refused(CALLER, 402, "E1501"));
            tracing.refused(refused(CALLER.replace("-01", "-00"), 402, "E1501"));
            tracing.refused(refused("nonsense", 402, "E1501"));
        }

        Span span = awaited("GET");
        assertThat(receiver.spans()).hasSize(1);
        assertThat(OtlpReceiver.hex(span.getTraceId())).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(OtlpReceiver.hex(span.getParentSpanId())).isEqualTo("00f067aa0ba902b7");
        assertThat(attribute(span, "http.response.status_code")).isEqualTo("402");
        assertThat(attribute(span, "wisp.refused")).isEqualTo("E1501");
        assertThat(span.getStatus().getCode())
                .as("what the caller is told is no error of ours below 500")
                .isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano()).isEqualTo(250_000);
    }

    @Test
    void aCallThatIsRefusedForWantOfRoomIsAnError() {
        try (Tracing tracing = Objects.requireNonNull(Tracing.of(TracingSettings.to(receiver, 0), "node-1"))) {
            tracing.refused(refused(CALLER, 503, "E1401"));
        }

        Span span = awaited("GET");
        assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(attribute(span, "error.type")).isEqualTo("E1401");
    }

    @Test
    void aFloodOfRefusedCallsLeavesAHundredSpansASecond() {
        ManualClock clock = new ManualClock(Instant.EPOCH);
        List<SpanData> made = new ArrayList<>();
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(new Kept(made)))
                .build()) {
            RefusedSpans spans = new RefusedSpans(provider.get("test"), clock);
            for (int call = 0; call < 100_000; call++) {
                spans.add(refused(CALLER, 429, "E1402"));
            }
            assertThat(made).hasSize(RefusedSpans.PER_SECOND_MAX);

            clock.advance(Duration.ofSeconds(1));
            spans.add(refused(CALLER, 429, "E1402"));
            assertThat(made).hasSize(RefusedSpans.PER_SECOND_MAX + 1);
        }
    }

    /** The first one of a JVM may still be on its way when {@link Tracing#close} has waited long enough. */
    private Span awaited(String name) {
        await().atMost(Duration.ofSeconds(20)).until(() -> !receiver.spans().isEmpty());
        return receiver.span(name);
    }

    private static RefusedCall refused(String traceparent, int status, String code) {
        return new RefusedCall(
                UUID.fromString("01a209ed-0402-7951-bd2a-99e80962b11f"),
                RequestMethod.GET,
                traceparent,
                status,
                code,
                250);
    }

    /** Keeps spans where they are made. */
    private record Kept(List<SpanData> made) implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            made.addAll(spans);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    @Test
    void aReceiverThatIsAwayCostsSpansAndNoTime() {
        receiver.close();

        long begun = System.nanoTime();
        TraceFields fields = call(dispatch(0, 0, null), null, Outcome.SUCCESS, 1);

        assertThat(fields.traceparent()).as("random and sampled").endsWith("-03");
        assertThat(System.nanoTime() - begun).isLessThan(20_000_000_000L);
    }

    /** Makes a call of 6,000 µs in the container and 9,000 in all, and has its spans sent. */
    private TraceFields call(Dispatch dispatch, @Nullable String caller, Outcome outcome, double ratio) {
        try (Tracing tracing = Objects.requireNonNull(Tracing.of(TracingSettings.to(receiver, ratio), "node-1"))) {
            InvocationTrace trace = tracing.begin(dispatch, HELLO, "GET", caller);
            TraceFields fields = trace.fields(2_600);
            assertThat(trace.fields(7_000)).isEqualTo(fields);
            trace.ended(record(dispatch, outcome), 9_000);
            return fields;
        }
    }

    private static String text(Span span) {
        return "%d..%d"
                .formatted(
                        span.getStartTimeUnixNano() / 1_000 - RECEIVED, span.getEndTimeUnixNano() / 1_000 - RECEIVED);
    }

    private static String attribute(Span span, String name) {
        return span.getAttributesList().stream()
                .filter(pair -> pair.getKey().equals(name))
                .map(pair -> switch (pair.getValue().getValueCase()) {
                    case BOOL_VALUE -> Boolean.toString(pair.getValue().getBoolValue());
                    case INT_VALUE -> Long.toString(pair.getValue().getIntValue());
                    default -> pair.getValue().getStringValue();
                })
                .findFirst()
                .orElse("");
    }

    private static Dispatch dispatch(long queueMicros, long startMicros, @Nullable StartTiming cold) {
        return new Dispatch(
                UUID.fromString("01a209ed-0402-7951-bd2a-99e80962b11f"),
                HELLO.id(),
                "hello-00001-1",
                RECEIVED,
                queueMicros,
                startMicros,
                cold,
                5_000,
                0,
                0,
                false,
                false,
                1);
    }

    private static InvocationRecord record(Dispatch dispatch, Outcome outcome) {
        return InvocationRecordBuilder.builder()
                .invocationId(dispatch.invocationId())
                .receivedAtMicros(dispatch.receivedAtMicros())
                .account(HELLO.account())
                .revision(HELLO.id())
                .service(HELLO.service())
                .instanceId(dispatch.instanceId())
                .nodeId("node-1")
                .method("GET")
                .status(outcome == Outcome.SUCCESS ? 200 : 504)
                .outcome(outcome)
                .queueMicros(dispatch.queueMicros())
                .startMicros(dispatch.startMicros())
                .appMicros(6_000)
                .coldStart(dispatch.cold() != null)
                .billedMillis(6)
                .cpuMicros(4_000)
                .cpuMillicores(1_000)
                .memoryBytes(128 << 20)
                .memoryPeakBytes(64 << 20)
                .bytesIn(0)
                .bytesOut(5)
                .priceVersion(1)
                .costPicos(100)
                .startParts(StartParts.of(dispatch.cold()))
                .origin(Origin.UNKNOWN)
                .build();
    }
}
