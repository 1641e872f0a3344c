package dev.wisp.node.api;

import dev.wisp.node.image.ImageSettings;
import dev.wisp.node.instance.InstanceConfig;
import dev.wisp.node.sandbox.LinuxSandboxConfig;
import dev.wisp.node.sandbox.LinuxSandboxRuntime;
import dev.wisp.node.sandbox.SandboxRuntime;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Makes the node's sandbox runtime from its settings. */
@Dependent
final class SandboxRuntimeProducer {

    @Produces
    @Singleton
    SandboxRuntime sandboxRuntime(SandboxSettings settings, ImageSettings images, InstanceConfig instances) {
        return new LinuxSandboxRuntime(
                new LinuxSandboxConfig(
                        images.folder(),
                        settings.prefix(),
                        settings.uidBase(),
                        instances.sandboxesMax() + settings.parkedMax(),
                        settings.parkedMin(),
                        settings.parkedMax()),
                InstantSource.system());
    }

    void close(@Disposes SandboxRuntime runtime) {
        runtime.close();
    }
}
