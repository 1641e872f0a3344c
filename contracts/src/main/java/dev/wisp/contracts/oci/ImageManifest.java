package dev.wisp.contracts.oci;

import java.util.List;

/**
 * An image for one platform.
 *
 * @param layers bottom first, at least one
 */
public record ImageManifest(Descriptor config, List<Descriptor> layers) implements OciDocument {

    public ImageManifest {
        layers = List.copyOf(layers);
    }

    /** Compressed size of all layers; saturates instead of overflowing. */
    public long layerBytes() {
        long sum = 0;
        for (Descriptor layer : layers) {
            sum = sum > Long.MAX_VALUE - layer.bytes() ? Long.MAX_VALUE : sum + layer.bytes();
        }
        return sum;
    }
}
