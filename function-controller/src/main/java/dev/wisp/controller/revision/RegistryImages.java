package dev.wisp.controller.revision;

import dev.wisp.controller.registry.ImageConfig;
import dev.wisp.controller.registry.ImageResolver;
import dev.wisp.controller.registry.ResolvedImage;
import jakarta.inject.Singleton;

/** Images of the registry: uploads, and whatever a registry on the network has. */
@Singleton
final class RegistryImages implements ImageSource {

    private final ImageResolver resolver;

    RegistryImages(ImageResolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public PinnedImage pin(String reference) {
        ResolvedImage resolved = resolver.resolve(reference);
        ImageConfig config = resolved.config();
        return new PinnedImage(
                resolved.imageRef(),
                config.entrypoint(),
                config.cmd(),
                config.env(),
                config.workingDir(),
                config.user(),
                config.stopSignal(),
                config.volumes());
    }
}
