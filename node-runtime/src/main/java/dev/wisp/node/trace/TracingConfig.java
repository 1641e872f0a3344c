package dev.wisp.node.trace;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Where spans go. OpenTelemetry's own variables are the defaults. */
@ConfigMapping(prefix = "wisp.node.tracing")
public interface TracingConfig {

    /** Base address of an OTLP receiver over HTTP, as {@code http://127.0.0.1:4318}; without it there are no spans. */
    @WithDefault("${otel.exporter.otlp.endpoint:}")
    Optional<String> endpoint();

    /** Fields of every request to the receiver, {@code name=value,name=value}, as it may want to know who sends. */
    @WithDefault("${otel.exporter.otlp.headers:}")
    Optional<String> headers();

    /** Part of the calls that are traced when the caller does not say, 0..1; a caller's {@code traceparent} decides for its own call. */
    @WithDefault("${otel.traces.sampler.arg:1.0}")
    double sampleRatio();

    /** Longest wait for the receiver; then what it was sent is dropped. */
    @WithDefault("5s")
    Duration timeout();

    /** Spans that wait to be sent, 512..1000000; more are dropped, about 1 KiB each. */
    @WithDefault("8192")
    int queueMax();
}
