package dev.wisp.node.api;

import dev.wisp.contracts.clock.SteadyClock;
import dev.wisp.node.image.ImageSettings;
import dev.wisp.node.instance.InstanceConfig;
import dev.wisp.node.sandbox.LabelConfig;
import dev.wisp.node.sandbox.LinuxSandboxConfig;
import dev.wisp.node.sandbox.LinuxSandboxRuntime;
import dev.wisp.node.sandbox.SandboxRuntime;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes the node's sandbox runtime from its settings. */
@Dependent
final class SandboxRuntimeProducer {

    @Produces
    @Singleton
    SandboxRuntime sandboxRuntime(
            SandboxSettings settings, NetworkSettings network, ImageSettings images, InstanceConfig instances) {
        return new LinuxSandboxRuntime(
                new LinuxSandboxConfig(
                        existing(images.folder()),
                        settings.prefix(),
                        settings.uidBase(),
                        instances.sandboxesMax() + settings.parkedMax() + network.readyMax(),
                        settings.parkedMin(),
                        settings.parkedMax(),
                        network.config(settings.prefix()),
                        new LabelConfig(settings.apparmorProfile(), settings.selinuxLabel())),
                SteadyClock.system());
    }

    /** The runtime opens the folder when it starts, which on a new node is before the first image is stored. */
    private static Path existing(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("making the image folder " + folder, e);
        }
    }

    void close(@Disposes SandboxRuntime runtime) {
        runtime.close();
    }
}
