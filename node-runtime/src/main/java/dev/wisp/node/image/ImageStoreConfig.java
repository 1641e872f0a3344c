package dev.wisp.node.image;

import java.nio.file.Path;

/**
 * Where images are kept and what they may cost.
 *
 * @param folder of this store alone; made when missing
 * @param workers layers pulled and unpacked at once, by all callers together
 * @param diskReserveBytes free space that a layer must leave, so that images cannot stop the databases beside them
 */
public record ImageStoreConfig(Path folder, ImageLimits limits, int workers, long diskReserveBytes) {

    public ImageStoreConfig {
        if (workers <= 0) {
            throw new IllegalArgumentException("workers=%d, must be > 0".formatted(workers));
        }
    }
}
