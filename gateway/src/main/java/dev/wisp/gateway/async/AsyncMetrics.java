package dev.wisp.gateway.async;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is measured of stored calls; labels are the two enums. Thread-safe. */
final class AsyncMetrics {

    /** What became of a request to store a call. */
    enum Request {
        STORED,
        TOO_LARGE,
        BACKLOG_FULL,
        UNAVAILABLE,
        CALLER_GONE
    }

    /** What became of making a call once. */
    enum Outcome {
        SUCCEEDED,
        RETRIED,
        POSTPONED,
        GIVEN_UP
    }

    private final Map<Request, Counter> requests = new EnumMap<>(Request.class);
    private final Map<Outcome, Counter> attempts = new EnumMap<>(Outcome.class);

    AsyncMetrics(MeterRegistry registry, CallBook book) {
        Gauge.builder("wisp.gateway.async.pending", book, CallBook::calls)
                .description("Stored calls that wait to be made, of all gateways")
                .register(registry);
        Gauge.builder("wisp.gateway.async.results", book, CallBook::results)
                .description("Results of stored calls that can be asked for")
                .register(registry);
        Gauge.builder("wisp.gateway.async.in.flight", book, CallBook::inFlight)
                .description("Stored calls that this gateway makes now")
                .register(registry);
        for (Request result : Request.values()) {
            requests.put(
                    result,
                    Counter.builder("wisp.gateway.async.requests")
                            .description("Requests to store a call")
                            .tag("result", result.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        for (Outcome result : Outcome.values()) {
            attempts.put(
                    result,
                    Counter.builder("wisp.gateway.async.attempts")
                            .description("Attempts to make a stored call, or to tell of one")
                            .tag("result", result.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    void request(Request result) {
        count(requests.get(result));
    }

    void attempt(Outcome outcome) {
        count(attempts.get(outcome));
    }

    private static void count(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }
}
