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

    String of(String attemptId) {
        return word + attemptId;
    }

    /** The invocation id that a value of the field gives, null when it is not the gateway's own. */
    public @Nullable UUID attemptId(String value) {
        if (value.length() <= word.length()
                || !MessageDigest.isEqual(ascii(value.substring(0, word.length())), ascii(word))) {
            return null;
        }
        return UUID.fromString(value.substring(word.length()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
