package dev.wisp.contracts.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a blob is called: the SHA-256 of its bytes. Other algorithms are not taken, so that a digest is always safe as a file name and
 * always worth trusting.
 *
 * @param hex 64 lower case hexadecimal digits
 */
public record Digest(String hex) {

    private static final String PREFIX = "sha256:";
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public Digest {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("digest is not 64 lower case hexadecimal digits");
        }
    }

    /** Reads {@code sha256:<64 hex>}; throws {@link IllegalArgumentException} for anything else. */
    public static Digest parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("digest does not begin with " + PREFIX);
        }
        return new Digest(text.substring(PREFIX.length()));
    }

    public static Digest of(byte[] bytes) {
        return finish(algorithm(), bytes);
    }

    /** A fresh SHA-256 to feed; end it with {@link #finish(MessageDigest)}. */
    public static MessageDigest algorithm() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public static Digest finish(MessageDigest fed) {
        return new Digest(HexFormat.of().formatHex(fed.digest()));
    }

    private static Digest finish(MessageDigest algorithm, byte[] bytes) {
        algorithm.update(bytes);
        return finish(algorithm);
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
