package dev.wisp.gateway.async;

import dev.wisp.contracts.async.AsyncCall;
import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.async.AsyncResult;
import dev.wisp.contracts.async.HeaderField;
import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.dataplane.WispHeaders;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What callers are told of stored calls. */
final class AsyncAnswer {

    static final int ACCEPTED = 202;

    /** Of a result: whether it is there, so that the workload's own 202 or 404 is told from the platform's. */
    static final String STATE = "x-async-state";

    private static final String JSON = "application/json";
    private static final long RETRY_SECONDS_MAX = 30;

    private AsyncAnswer() {}

    /** The call is stored. */
    static void accepted(HttpServerRequest request, String id) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.putHeader("Preference-Applied", Preference.RESPOND_ASYNC);
        response.putHeader(HttpHeaders.LOCATION, AsyncInvocations.PATH + id);
        pending(response, id, Map.of("id", id, "state", "pending"), 1);
    }

    /** The status, having written what is known. */
    static int tell(HttpServerRequest request, AsyncInvocation invocation, Instant now) {
        request.resume();
        HttpServerResponse response = request.response();
        AsyncCall call = invocation.call();
        AsyncResult result = invocation.result();
        if (call != null) {
            long seconds = Duration.between(now, call.dueAt()).toSeconds() + 1;
            pending(response, invocation.id(), state(invocation, call), Math.clamp(seconds, 1, RETRY_SECONDS_MAX));
            return ACCEPTED;
        }
        if (result == null) {
            throw new IllegalStateException("a stored call has a call or a result");
        }
        response.setStatusCode(result.status());
        for (HeaderField field : result.headers()) {
            response.headers().add(field.name(), field.value());
        }
        response.putHeader(STATE, result.succeeded() ? "succeeded" : "failed");
        response.end(Buffer.buffer(result.body().bytes()));
        return result.status();
    }

    /** Why there is no answer of the workload's to give, null when there is one or may still be. */
    static @Nullable Problem problem(AsyncInvocation invocation) {
        AsyncResult result = invocation.result();
        if (result == null || (result.status() != 0 && result.bodyKept())) {
            return null;
        }
        Problem problem = result.status() == 0
                ? Problem.of(
                        ErrorCode.ASYNC_GIVEN_UP,
                        "after %d attempts: %s".formatted(result.attempts(), result.failure()))
                : Problem.of(
                        ErrorCode.ASYNC_RESULT_TOO_LARGE,
                        "the call was answered with %d and a body that is longer than those that are kept"
                                .formatted(result.status()));
        return problem.withInstance(invocation.id());
    }

    private static Map<String, Object> state(AsyncInvocation invocation, AsyncCall call) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("id", invocation.id());
        state.put("state", "pending");
        state.put("attempts", call.attempts());
        state.put("nextAttemptAt", call.dueAt().toString());
        if (call.lastFailure() != null) {
            state.put("lastFailure", call.lastFailure());
        }
        return state;
    }

    private static void pending(HttpServerResponse response, String id, Map<String, Object> state, long seconds) {
        response.setStatusCode(ACCEPTED);
        response.putHeader(WispHeaders.INVOCATION_ID, id);
        response.putHeader(STATE, "pending");
        response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        response.end(Buffer.buffer(WireJson.write(state)));
    }
}
