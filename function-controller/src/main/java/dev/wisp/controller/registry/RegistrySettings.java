package dev.wisp.controller.registry;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** Where uploaded images are kept, what they may cost, and how nodes reach them. */
@ConfigMapping(prefix = "wisp.controller.registry")
public interface RegistrySettings {

    /** Folder for uploaded images; of this process alone. */
    @WithDefault("${wisp.home:/var/lib/wisp}/registry")
    Path folder();

    /** {@code host:port} under which nodes pull uploaded images, by plain HTTP. */
    @WithDefault("127.0.0.1:8081")
    String address();

    /** Largest upload, decompressed once if it is a {@code .tar.gz}. */
    @WithDefault("4G")
    MemorySize uploadMax();

    /** Free disk space that an upload must leave. */
    @WithDefault("512M")
    MemorySize diskReserve();

    /** Longest wait for each answer of a registry. */
    @WithDefault("15s")
    Duration answerTimeout();
}
