package dev.wisp.contracts.event;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Posts an event with the three headers of Standard Webhooks: id, seconds of the try, and {@code v1,} with the base64 of HMAC-SHA256 over
 * {@code id.seconds.body}. A receiver knows a repeated event by its id. Redirects are not followed. Thread-safe.
 */
public final class Webhook {

    static final int SECRET_CHARACTERS_MIN = 16;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String ALGORITHM = "HmacSHA256";

    private final HttpClient http;
    private final SecretKeySpec key;
    private final Duration timeout;

    /**
     * One that signs with this secret.
     *
     * @param setting where the secret is from, for who set it too short
     */
    public Webhook(String setting, String secret) {
        this(setting, secret, TIMEOUT);
    }

    Webhook(String setting, String secret, Duration timeout) {
        if (secret.length() < SECRET_CHARACTERS_MIN) {
            throw new IllegalArgumentException("%s has %d characters, must have at least %d"
                    .formatted(setting, secret.length(), SECRET_CHARACTERS_MIN));
        }
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * Null when the receiver took it, else what it or the way to it said. Ends within the timeout, whatever the receiver does: a request's own
     * timeout is over with the answer's head, and a body that never ends would hold the caller for ever.
     */
    public @Nullable String post(URI address, String id, String event, Instant now) throws InterruptedException {
        String seconds = Long.toString(now.getEpochSecond());
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", CloudEvent.MEDIA_TYPE + "; charset=utf-8")
                .header("webhook-id", id)
                .header("webhook-timestamp", seconds)
                .header("webhook-signature", signature(id, seconds, event))
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            int status = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return status / 100 == 2 ? null : "the receiver answered " + status;
        } catch (ExecutionException e) {
            return "the receiver was not reached: "
                    + Objects.requireNonNullElse(e.getCause(), e).getClass().getSimpleName();
        } catch (TimeoutException e) {
            return "the receiver did not answer within %d ms".formatted(timeout.toMillis());
        } finally {
            answer.cancel(true);
        }
    }

    String signature(String id, String seconds, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] sum = mac.doFinal("%s.%s.%s".formatted(id, seconds, body).getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(sum);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
