package dev.wisp.node.image;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** Where images are kept on a node and what they may cost it. */
@ConfigMapping(prefix = "wisp.node.image")
public interface ImageSettings {

    /** Folder for unpacked images; of this process alone. */
    @WithDefault("${wisp.home:/var/lib/wisp}/images")
    Path folder();

    /** Largest image as it is transferred, all layers together. */
    @WithDefault("2G")
    MemorySize compressedMax();

    /** Largest image unpacked, counting only layers that are not here yet. */
    @WithDefault("8G")
    MemorySize unpackedMax();

    /** Most files, folders and links of an image. */
    @WithDefault("1000000")
    long entriesMax();

    /** Largest ratio of unpacked to compressed bytes of a layer, beyond 64 MiB. */
    @WithDefault("200")
    int ratioMax();

    /** Longest time to pull and unpack an image. */
    @WithDefault("10m")
    Duration timeout();

    /** Layers pulled and unpacked at once. */
    @WithDefault("2")
    int workers();

    /** Free disk space that pulling a layer must leave. */
    @WithDefault("512M")
    MemorySize diskReserve();
}
