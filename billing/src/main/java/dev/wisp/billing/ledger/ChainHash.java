package dev.wisp.billing.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The bytes that a link's hash covers. Verification computes them again in SQL, and the customer's verifier in Java of its own. */
public final class ChainHash {

    private ChainHash() {}

    /** What stands for the hash before the first link. */
    static byte[] none() {
        return sha256().digest();
    }

    static byte[] of(byte[] previous, ChainContent content, long seq, long linkedAtMicros) {
        byte[] namespace = content.namespace().getBytes(StandardCharsets.UTF_8);
        ByteBuffer link = ByteBuffer.allocate(4 + namespace.length + 8 + 2 + 8 + 8 + 8 + 32 + 8)
                .putInt(namespace.length)
                .put(namespace)
                .putLong(seq)
                .putShort(content.kind().storedCode())
                .putLong(content.day().toEpochDay())
                .putLong(content.content())
                .putLong(content.rows())
                .put(content.digest())
                .putLong(linkedAtMicros);
        MessageDigest sha256 = sha256();
        sha256.update(previous);
        return sha256.digest(link.array());
    }

    /** A new one. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
