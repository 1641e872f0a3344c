package dev.wisp.contracts.event;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
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

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final SecretKeySpec key;

    /**
     * One that signs with this secret.
     *
     * @param setting where the secret is from, for who set it too short
     */
    public Webhook(String setting, String secret) {
        if (secret.length() < SECRET_CHARACTERS_MIN) {
            throw new IllegalArgumentException("%s has %d characters, must have at least %d"
                    .formatted(setting, secret.length(), SECRET_CHARACTERS_MIN));
        }
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** Null when the receiver took it, else what it or the way to it said. */
    public @Nullable String post(URI address, String id, String event, Instant now) throws InterruptedException {
        String seconds = Long.toString(now.getEpochSecond());
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Content-Type", CloudEvent.MEDIA_TYPE + "; charset=utf-8")
                .header("webhook-id", id)
                .header("webhook-timestamp", seconds)
                .header("webhook-signature", signature(id, seconds, event))
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status / 100 == 2 ? null : "the receiver answered " + status;
        } catch (IOException e) {
            return "the receiver was not reached: " + e.getClass().getSimpleName();
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
