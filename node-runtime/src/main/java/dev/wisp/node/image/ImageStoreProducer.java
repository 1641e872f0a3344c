package dev.wisp.node.image;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the node's image store from its settings. */
@Dependent
final class ImageStoreProducer {

    @Produces
    @Singleton
    ImageStore imageStore(ImageSettings settings, MeterRegistry registry) {
        ImageLimits limits = new ImageLimits(
                settings.compressedMax().asLongValue(),
                settings.unpackedMax().asLongValue(),
                settings.entriesMax(),
                settings.ratioMax(),
                settings.timeout());
        return new MeteredImageStore(
                new DiskImageStore(new ImageStoreConfig(
                        settings.folder(),
                        limits,
                        settings.workers(),
                        settings.diskReserve().asLongValue())),
                registry);
    }

    void close(@Disposes ImageStore store) {
        store.close();
    }
}
