package dev.wisp.node.image;

import java.time.Duration;

/**
 * What one image may cost this node. Beyond each it is refused with E1105, and nothing of the layer at fault stays. Layers
 * that are here already cost nothing but their entry in {@code compressedBytesMax}.
 *
 * @param compressedBytesMax all layers as the registry sends them
 * @param unpackedBytesMax all layers as tar streams, headers included, so that empty files count too
 * @param entriesMax files, folders and links of all layers
 * @param ratioMax unpacked bytes for each compressed byte of a layer, looked at beyond the first 64 MiB
 * @param timeout for the whole of one pull and unpack
 */
public record ImageLimits(
        long compressedBytesMax, long unpackedBytesMax, long entriesMax, int ratioMax, Duration timeout) {

    public static final ImageLimits DEFAULT =
            new ImageLimits(2L << 30, 8L << 30, 1_000_000, 200, Duration.ofMinutes(10));

    public ImageLimits {
        requirePositive("compressedBytesMax", compressedBytesMax);
        requirePositive("unpackedBytesMax", unpackedBytesMax);
        requirePositive("entriesMax", entriesMax);
        requirePositive("ratioMax", ratioMax);
        requirePositive("timeout", timeout.toMillis());
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("%s=%d, must be > 0".formatted(name, value));
        }
    }
}
