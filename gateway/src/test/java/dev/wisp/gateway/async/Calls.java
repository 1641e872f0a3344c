package dev.wisp.gateway.async;

import dev.wisp.contracts.async.AsyncCall;
import dev.wisp.contracts.async.AsyncInvocation;
import dev.wisp.contracts.async.AsyncResult;
import dev.wisp.contracts.async.AsyncTarget;
import dev.wisp.contracts.async.Payload;
import dev.wisp.contracts.event.WebhookOrigins;
import dev.wisp.contracts.revision.AsyncSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Stored calls as tests need them. */
final class Calls {

    static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    /** Small bounds, and retries that come soon. */
    static final AsyncSettings SETTINGS = new AsyncSettings(
            64 << 10,
            32 << 10,
            100,
            4 << 20,
            4 << 20,
            50,
            8,
            4,
            Duration.ofMinutes(10),
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            WebhookOrigins.NONE,
            "");

    private Calls() {}

    /** As large as settings may make calls and answers. */
    static AsyncSettings largest() {
        return new AsyncSettings(
                AsyncSettings.MESSAGE_BYTES_MAX,
                AsyncSettings.MESSAGE_BYTES_MAX,
                100,
                8 << 20,
                8 << 20,
                100,
                8,
                4,
                Duration.ofMinutes(10),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                WebhookOrigins.NONE,
                "");
    }

    static AsyncCall call(AsyncSpec terms, Instant dueAt) {
        AsyncTarget target = new AsyncTarget(AsyncTarget.Kind.HOST, "hello.default.localhost");
        return new AsyncCall(target, "POST", "/", List.of(), Payload.EMPTY, terms, 0, 0, "attempt", dueAt, null);
    }

    static AsyncInvocation pending(String id, String account, String service, Instant dueAt) {
        return new AsyncInvocation(id, "default", service, account, NOW, call(AsyncSpec.DEFAULT, dueAt), null);
    }

    static AsyncInvocation over(String id, String account, int bodyBytes, Instant expiresAt) {
        AsyncResult result =
                new AsyncResult(true, 200, List.of(), new Payload(new byte[bodyBytes]), true, 1, null, NOW, expiresAt);
        return pending(id, account, "hello", NOW).over(result);
    }
}
