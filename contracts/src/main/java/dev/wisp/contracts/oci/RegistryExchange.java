package dev.wisp.contracts.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.contracts.problem.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One thing asked of a registry, as {@link GuardedTransport} sees it below the library: what was asked for, what may come back, and what
 * did. The library hands nothing through to its transport, so the transport finds the exchange of its thread in {@link #CURRENT}.
 */
final class RegistryExchange {

    static final ScopedValue<RegistryExchange> CURRENT = ScopedValue.newInstance();

    /** An answer; {@code token} when it is the token service's, {@code stated} what its error body says. */
    record Answer(boolean token, int status, String stated) {

        String message() {
            String fallback = status == 404 ? "not found" : "refused";
            return "%s (status %d)".formatted(stated.isEmpty() ? fallback : OciParser.excerpt(stated), status);
        }
    }

    private final URI target;
    private final String what;
    private final @Nullable Duration streamLimit;
    private boolean tokenAsked;
    private byte[] body = {};
    private @Nullable Answer last;
    private @Nullable String challenge;

    private RegistryExchange(URI target, String what, @Nullable Duration streamLimit) {
        this.target = target;
        this.what = what;
        this.streamLimit = streamLimit;
    }

    /** For a document, which is read whole. */
    static RegistryExchange document(URI target, String what) {
        return new RegistryExchange(target, what, null);
    }

    /** For a blob that streams through the library, within {@code limit}. */
    static RegistryExchange stream(URI target, String what, Duration limit) {
        return new RegistryExchange(target, what, limit);
    }

    /** Called with the first URL of each of the library's calls. True when it asks for a token; more than one is a fault. */
    boolean asksForToken(URI uri) throws IOException {
        if (target.getRawAuthority().equals(uri.getRawAuthority())
                && target.getPath().equals(uri.getPath())) {
            return false;
        }
        if (tokenAsked) {
            // The library would go on for some rounds.
            throw new RegistryFault(ErrorCode.IMAGE_NOT_FOUND, last == null ? "refused" : last.message());
        }
        tokenAsked = true;
        return true;
    }

    /** Called with each answer; {@code read} is what was read of it before the library sees it. */
    void answered(boolean token, int status, byte[] read, @Nullable String challenge) {
        this.last = new Answer(token, status, status == 200 ? "" : stated(read));
        this.body = read;
        this.challenge = challenge;
    }

    /** The first error of the distribution API's error body; empty when there is none. */
    private static String stated(byte[] body) {
        try {
            JsonNode error = OciParser.json(body).path("errors").path(0);
            return error.path("message").asText(error.path("code").asText(""));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** What the registry, refusing for want of a token, says on how to get one; null when there is no reason to ask. */
    @Nullable
    String challenge() {
        return tokenAsked ? null : challenge;
    }

    URI target() {
        return target;
    }

    /** What was asked for, for messages. */
    String what() {
        return what;
    }

    @Nullable
    Duration streamLimit() {
        return streamLimit;
    }

    boolean tokenAsked() {
        return tokenAsked;
    }

    @Nullable
    Answer last() {
        return last;
    }

    /** True when what was asked for came; a stream may still break. */
    boolean isWhole() {
        return last != null && !last.token() && last.status() == 200;
    }

    /** The document as it came; throws when it did not. */
    byte[] document() {
        if (!isWhole()) {
            throw new IllegalStateException("%s did not come".formatted(what));
        }
        return body;
    }
}
