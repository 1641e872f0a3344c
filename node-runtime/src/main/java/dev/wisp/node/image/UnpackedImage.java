package dev.wisp.node.image;

import java.nio.file.Path;
import java.util.List;

/**
 * An image ready to be mounted.
 *
 * @param layers folders, bottom first
 * @param bytes compressed size of all layers
 * @param pullMicros time spent pulling, 0 when everything was here
 * @param unpackMicros time spent unpacking, 0 when everything was here
 */
public record UnpackedImage(String digest, List<Path> layers, long bytes, long pullMicros, long unpackMicros) {

    public UnpackedImage {
        layers = List.copyOf(layers);
    }
}
