package dev.wisp.standalone;

import dev.wisp.contracts.dataplane.CallTrace;
import dev.wisp.node.trace.TracingConfig;
import io.prometheus.client.exemplars.DefaultExemplarSampler;
import io.prometheus.client.exemplars.Exemplar;
import io.prometheus.client.exemplars.ExemplarSampler;
import io.prometheus.client.exemplars.tracer.common.SpanContextSupplier;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Has the histograms of calls name a call in each bucket, by its trace; nothing where there are no traces. */
@Singleton
final class TraceExemplars {

    @Produces
    @Singleton
    @Alternative
    @Priority(1)
    Optional<ExemplarSampler> exemplarSampler(TracingConfig config) {
        return isOn(config) ? Optional.of(new OfBuckets()) : Optional.empty();
    }

    private static boolean isOn(TracingConfig config) {
        return config.endpoint().filter(endpoint -> !endpoint.isBlank()).isPresent();
    }

    /** Counters have none: what they count has no size by which one call would be an example. */
    private static final class OfBuckets implements ExemplarSampler, SpanContextSupplier {

        private final ExemplarSampler sampler = new DefaultExemplarSampler(this);

        @Override
        public @Nullable Exemplar sample(double increment, @Nullable Exemplar previous) {
            return null;
        }

        @Override
        public @Nullable Exemplar sample(double value, double from, double to, @Nullable Exemplar previous) {
            return sampler.sample(value, from, to, previous);
        }

        @Override
        public @Nullable String getTraceId() {
            CallTrace trace = CallTrace.current();
            return trace == null ? null : trace.traceId();
        }

        @Override
        public @Nullable String getSpanId() {
            CallTrace trace = CallTrace.current();
            return trace == null ? null : trace.spanId();
        }

        @Override
        public boolean isSampled() {
            return CallTrace.current() != null;
        }
    }
}
