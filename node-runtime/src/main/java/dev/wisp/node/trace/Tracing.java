package dev.wisp.node.trace;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.RefusedCall;
import dev.wisp.contracts.revision.RevisionSpec;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of invocations and sends them in the background. The node makes all of them, the gateway's too, since it is told how long a
 * call was held and what its start was spent on. A receiver that is slow or away costs spans and never a call. Thread-safe.
 */
public final class Tracing implements AutoCloseable {

    private static final Duration SEND_EVERY = Duration.ofSeconds(1);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);
    private static final int BATCH_MAX = 512;

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final RefusedSpans refused;

    private Tracing(SdkTracerProvider provider) {
        this.provider = provider;
        this.tracer = provider.get("wisp");
        this.refused = new RefusedSpans(tracer, InstantSource.system());
    }

    /**
     * Null where no receiver is configured.
     *
     * @throws IllegalArgumentException when the configuration is out of bounds
     */
    public static @Nullable Tracing of(TracingConfig config, String nodeId) {
        String endpoint = config.endpoint().map(String::strip).orElse("");
        if (endpoint.isEmpty()) {
            return null;
        }
        double ratio = config.sampleRatio();
        int queueMax = config.queueMax();
        if (!(ratio >= 0 && ratio <= 1) || queueMax < BATCH_MAX || queueMax > 1_000_000) {
            throw new IllegalArgumentException(
                    "wisp.node.tracing.sample-ratio=%s, must be 0..1; wisp.node.tracing.queue-max=%d, must be %d..1000000"
                            .formatted(ratio, queueMax, BATCH_MAX));
        }
        BatchSpanProcessor processor = BatchSpanProcessor.builder(exporter(endpoint, config))
                .setMaxQueueSize(queueMax)
                .setMaxExportBatchSize(BATCH_MAX)
                .setScheduleDelay(SEND_EVERY)
                .setExporterTimeout(config.timeout())
                .build();
        Attributes identity = Attributes.of(
                AttributeKey.stringKey("service.name"), "wisp", AttributeKey.stringKey("service.instance.id"), nodeId);
        return new Tracing(SdkTracerProvider.builder()
                .setResource(Resource.create(identity))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
                .addSpanProcessor(processor)
                .build());
    }

    /** Begins the spans of a call that an instance has admitted; {@code traceparent} is the caller's, null or anything at all. */
    public InvocationTrace begin(
            Dispatch dispatch, RevisionSpec revision, String method, @Nullable String traceparent) {
        return new InvocationTrace(tracer, dispatch, revision, method, TraceParent.read(traceparent));
    }

    /** Tells of a call that the gateway answered itself, where its caller traces it. */
    public void refused(RefusedCall call) {
        refused.add(call);
    }

    /** Sends what waits. */
    @Override
    public void close() {
        provider.shutdown().join(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static SpanExporter exporter(String endpoint, TracingConfig config) {
        String base = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        OtlpHttpSpanExporterBuilder builder =
                OtlpHttpSpanExporter.builder().setEndpoint(base + "/v1/traces").setTimeout(config.timeout());
        for (String header : List.of(config.headers().orElse("").split(","))) {
            int equals = header.indexOf('=');
            if (equals > 0) {
                builder.addHeader(
                        header.substring(0, equals).strip(),
                        header.substring(equals + 1).strip());
            }
        }
        return builder.build();
    }
}
