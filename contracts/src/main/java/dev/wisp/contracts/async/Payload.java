package dev.wisp.contracts.async;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** A body that is stored: bytes that compare by content, base64 in JSON. */
public final class Payload {

    public static final Payload EMPTY = new Payload(new byte[0]);

    private final byte[] bytes;

    /** The bytes are this payload's from now on. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Not to be changed. */
    @JsonValue
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
