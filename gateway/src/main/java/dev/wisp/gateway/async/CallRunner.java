package dev.wisp.gateway.async;

import dev.wisp.contracts.async.AsyncCall;
import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.async.AsyncResult;
import dev.wisp.contracts.async.AsyncTarget;
import dev.wisp.contracts.async.HeaderField;
import dev.wisp.contracts.async.Payload;
import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topic;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.event.CloudEvent;
import dev.wisp.contracts.event.Webhook;
import dev.wisp.contracts.revision.AsyncSpec;
import dev.wisp.contracts.route.Route;
import dev.wisp.gateway.routing.PlatformView;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes one stored call and writes what came of it. The order of writes is what makes at least once of it: who is to be told comes first,
 * then the end of the call; whoever dies in between makes the call again under the same ids. Thread-safe.
 */
final class CallRunner {

    private static final Logger LOG = Logger.getLogger(CallRunner.class);
    private static final long WRITE_AGAIN_MILLIS_MAX = 5_000;
    private static final int WRITES_WITH_BODY_MAX = 3;

    private final Bus bus;
    private final LoopbackCaller loopback;
    private final @Nullable Webhook webhook;
    private final AsyncSettings settings;
    private final AsyncMetrics metrics;
    private final Sources sources;

    /** Where what a call needs comes from. */
    record Sources(Supplier<PlatformView> view, Supplier<UUID> ids, InstantSource clock, DoubleSupplier jitter) {}

    CallRunner(
            Bus bus,
            LoopbackCaller loopback,
            @Nullable Webhook webhook,
            AsyncSettings settings,
            AsyncMetrics metrics,
            Sources sources) {
        this.bus = bus;
        this.loopback = loopback;
        this.webhook = webhook;
        this.settings = settings;
        this.metrics = metrics;
        this.sources = sources;
    }

    /** What the topic has of the call afterwards, null for a tombstone. */
    @Nullable
    AsyncInvocation run(AsyncInvocation invocation, AsyncCall call) throws InterruptedException {
        Instant begin = sources.clock().instant();
        if (RetryPolicy.isTooOld(call, invocation.acceptedAt(), begin)) {
            String last = call.lastFailure() == null ? "it was not made in time" : call.lastFailure();
            return end(invocation, call, null, call.attempts(), "it is too old: " + last);
        }
        Attempt attempt = tried(invocation, call);
        Instant now = sources.clock().instant();
        RetryPolicy.Verdict verdict = RetryPolicy.decide(
                call,
                invocation.acceptedAt(),
                attempt,
                now,
                settings,
                sources.jitter().getAsDouble());
        return switch (verdict) {
            case RetryPolicy.Verdict.Succeeded() -> end(invocation, call, attempt, call.attempts() + 1, null);
            case RetryPolicy.Verdict.GivenUp givenUp ->
                end(invocation, call, attempt, givenUp.attempts(), givenUp.failure());
            case RetryPolicy.Verdict.Again again -> again(invocation, call, again);
        };
    }

    private AsyncInvocation again(AsyncInvocation invocation, AsyncCall call, RetryPolicy.Verdict.Again again)
            throws InterruptedException {
        boolean counted = again.attempts() > call.attempts();
        metrics.attempt(counted ? AsyncMetrics.Outcome.RETRIED : AsyncMetrics.Outcome.POSTPONED);
        // What was run is on the record under its id; the next attempt is another call with a record of its own.
        String nextId = counted ? sources.ids().get().toString() : call.attemptId();
        AsyncInvocation next = invocation.with(
                call.again(again.attempts(), again.postponed(), nextId, again.dueAt(), again.failure()));
        write(Topics.ASYNC, next.id(), next);
        return next;
    }

    private @Nullable AsyncInvocation end(
            AsyncInvocation invocation,
            AsyncCall call,
            @Nullable Attempt attempt,
            int attempts,
            @Nullable String failure)
            throws InterruptedException {
        metrics.attempt(failure == null ? AsyncMetrics.Outcome.SUCCEEDED : AsyncMetrics.Outcome.GIVEN_UP);
        AsyncResult result = result(attempt, attempts, failure);
        if (failure != null) {
            LOG.debugf("call given up invocationId=%s: %s", invocation.id(), failure);
            AsyncInvocation letter = invocation.with(call.again(attempts, 0, call.attemptId(), call.dueAt(), failure));
            write(Topics.DEAD_LETTERS, invocation.id(), letter);
        }
        AsyncTarget destination = DestinationPolicy.destination(call, failure == null);
        if (destination != null) {
            AsyncInvocation delivery = delivery(invocation, call, result, destination);
            write(Topics.ASYNC, delivery.id(), delivery);
        }
        AsyncInvocation over = DestinationPolicy.isAnswerKept(call) ? invocation.over(result) : null;
        return write(Topics.ASYNC, invocation.id(), over);
    }

    private AsyncResult result(@Nullable Attempt attempt, int attempts, @Nullable String failure) {
        Instant now = sources.clock().instant();
        Instant expiresAt = now.plus(settings.resultTtl());
        boolean succeeded = failure == null;
        return attempt instanceof Attempt.Answered answer
                ? new AsyncResult(
                        succeeded,
                        answer.status(),
                        answer.headers(),
                        answer.body(),
                        answer.bodyKept(),
                        attempts,
                        failure,
                        now,
                        expiresAt)
                : new AsyncResult(succeeded, 0, List.of(), Payload.EMPTY, true, attempts, failure, now, expiresAt);
    }

    /** Its id follows from the call's, so that one that is told twice can be known by it. */
    private AsyncInvocation delivery(
            AsyncInvocation invocation, AsyncCall call, AsyncResult result, AsyncTarget destination) {
        UUID id = UUID.fromString(invocation.id());
        String deliveryId = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ 1).toString();
        Payload event = new Payload(
                OutcomeEvent.json(deliveryId, invocation, call, result).getBytes(StandardCharsets.UTF_8));
        Instant now = sources.clock().instant();
        AsyncSpec terms = new AsyncSpec(AsyncSpec.RETRIES_MAX, AsyncSpec.MAX_AGE_MILLIS_MAX, null, null);
        AsyncCall telling = new AsyncCall(
                destination,
                "POST",
                "/",
                List.of(new HeaderField("Content-Type", CloudEvent.MEDIA_TYPE + "; charset=utf-8")),
                event,
                terms,
                0,
                0,
                deliveryId,
                now,
                null);
        return new AsyncInvocation(
                deliveryId, invocation.namespace(), invocation.service(), invocation.account(), now, telling, null);
    }

    /** What was stored may be refused by what sends it: then it fails as any other call does. */
    private Attempt tried(AsyncInvocation invocation, AsyncCall call) throws InterruptedException {
        try {
            return attempt(invocation, call);
        } catch (IllegalArgumentException e) {
            return new Attempt.Failed("it cannot be made: " + e.getMessage());
        }
    }

    private Attempt attempt(AsyncInvocation invocation, AsyncCall call) throws InterruptedException {
        String value = call.target().value();
        return switch (call.target().kind()) {
            case HOST -> loopback(invocation, value, call);
            case SERVICE -> {
                String host = host(invocation.namespace(), value);
                yield host == null
                        ? new Attempt.Failed("there is no service " + value)
                        : loopback(invocation, host, call);
            }
            case WEBHOOK -> post(invocation, value, call);
        };
    }

    private Attempt loopback(AsyncInvocation invocation, String host, AsyncCall call) throws InterruptedException {
        try {
            return loopback.call(invocation.id(), host, call)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
        } catch (ExecutionException e) {
            return new Attempt.NotMade("the call could not be made: " + e.getCause());
        }
    }

    /** The list may have changed since the service was deployed, so it is asked again. */
    private Attempt post(AsyncInvocation invocation, String url, AsyncCall call) throws InterruptedException {
        String fault = settings.webhooks().fault(url);
        if (webhook == null || fault != null) {
            return new Attempt.Failed("the webhook's address " + fault);
        }
        String event = new String(call.body().bytes(), StandardCharsets.UTF_8);
        String error = webhook.post(
                URI.create(url), invocation.id(), event, sources.clock().instant());
        return error == null ? new Attempt.Taken() : new Attempt.Failed(error);
    }

    /** The host of a service as a whole; its tags' hosts are longer. */
    private @Nullable String host(String namespace, String service) {
        String host = null;
        for (Route route : sources.view().get().routes().values()) {
            boolean its = route.namespace().equals(namespace) && route.service().equals(service);
            if (its && (host == null || route.host().length() < host.length())) {
                host = route.host();
            }
        }
        return host;
    }

    /** Until it is written: what is lost here would be done twice, or told to nobody. */
    private @Nullable AsyncInvocation write(Topic<AsyncInvocation> topic, String id, @Nullable AsyncInvocation value)
            throws InterruptedException {
        AsyncInvocation written = value;
        for (int tries = 1; ; tries++) {
            try {
                bus.publish(topic, id, written).get();
                return written;
            } catch (ExecutionException e) {
                LOG.warnf("outcome not stored yet, invocationId=%s: %s", id, e.getCause());
                if (tries == WRITES_WITH_BODY_MAX && written != null) {
                    written = withoutBody(written);
                }
                Thread.sleep(Math.min(WRITE_AGAIN_MILLIS_MAX, 100L << Math.min(tries, 6)));
            }
        }
    }

    /** A result that the broker will not take because of its size is better than none. */
    private static AsyncInvocation withoutBody(AsyncInvocation invocation) {
        AsyncResult result = invocation.result();
        return result == null
                ? invocation
                : invocation.over(new AsyncResult(
                        result.succeeded(),
                        result.status(),
                        result.headers(),
                        Payload.EMPTY,
                        false,
                        result.attempts(),
                        result.failure(),
                        result.endedAt(),
                        result.expiresAt()));
    }
}
