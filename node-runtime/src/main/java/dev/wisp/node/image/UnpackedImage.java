package dev.wisp.node.image;

import java.nio.file.Path;
import java.util.List;

/**
 * An image ready to be mounted, by overlayfs with the option {@code userxattr}: opaque folders carry {@code user.overlay.opaque}. Files
 * have the owners they have in the image, so sandboxes see them through idmapped mounts.
 *
 * @param layers folders, bottom first, none twice
 * @param bytes compressed size of all layers
 * @param pullMicros time spent pulling, 0 when everything was here
 * @param unpackMicros time spent unpacking, 0 when everything was here
 */
public record UnpackedImage(String digest, List<Path> layers, long bytes, long pullMicros, long unpackMicros) {

    public UnpackedImage {
        layers = List.copyOf(layers);
    }
}
