package dev.wisp.contracts.oci;

/**
 * Points at a blob.
 *
 * @param bytes its exact size, at least 0
 */
public record Descriptor(String mediaType, Digest digest, long bytes) {

    public Descriptor {
        if (bytes < 0) {
            throw new IllegalArgumentException("size=%d, must be at least 0".formatted(bytes));
        }
    }
}
