package dev.wisp.gateway.async;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells the gateway's own calls from those of others, who cannot know this process's word: 256 random bits.
 * Nobody else's copy of {@link dev.wisp.contracts.dataplane.WispHeaders#ASYNC_CALL} is believed, or passed on. Thread-safe.
 */
public final class CallPass {

    private static final int WORD_BYTES = 32;

    private final String word;

    CallPass(SecureRandom random) {
        byte[] bytes = new byte[WORD_BYTES];
        random.nextBytes(bytes);
        word = HexFormat.of().formatHex(bytes) + ":";
    }

    /**
     * A call that the gateway makes itself.
     *
     * @param id of the invocation
     * @param attempt which one of the stored call it is, from 1
     */
    public record Own(UUID id, int attempt) {}

    String of(String attemptId, int attempt) {
        return word + attempt + ":" + attemptId;
    }

    /** What a value of the field says, null when it is not the gateway's own. */
    public @Nullable Own own(String value) {
        if (value.length() <= word.length()
                || !MessageDigest.isEqual(ascii(value.substring(0, word.length())), ascii(word))) {
            return null;
        }
        int end = value.indexOf(':', word.length());
        return new Own(
                UUID.fromString(value.substring(end + 1)), Integer.parseInt(value.substring(word.length(), end)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
