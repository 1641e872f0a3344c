package dev.wisp.cli.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.api.Api;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Units;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One deployment of one service, step by step, each printed with its seconds. */
public final class Deployment {

    private final Api api;
    private final Console console;
    private final String namespace;
    private final String name;
    private final Stopwatch watch;

    public Deployment(Api api, Console console, String namespace, String name, Stopwatch watch) {
        this.api = api;
        this.console = console;
        this.namespace = namespace;
        this.name = name;
        this.watch = watch;
    }

    /** Deploys an archive with the platform's defaults and returns the service once it serves. */
    public JsonNode ofArchive(Path archive, Duration timeout) {
        String image = upload(archive, null);
        return await(send(manifest(null, image, new DeploySettings())), timeout);
    }

    void begin() {
        console.heading("Deploying service '%s' in namespace '%s'".formatted(name, namespace));
    }

    /** Uploads and returns the reference to run; null when there is nothing to upload. */
    @Nullable
    String upload(@Nullable Path archive, @Nullable Path layout) {
        if (archive == null && layout == null) {
            return null;
        }
        ImageUpload.Uploaded image = archive != null
                ? ImageUpload.archive(api, name, archive)
                : ImageUpload.layout(api, name, layout(layout));
        console.phase(
                watch.millis(),
                "Image uploaded",
                "%s, %d %s, %s"
                        .formatted(
                                image.reference(),
                                image.layers(),
                                image.layers() == 1 ? "layer" : "layers",
                                Units.bytes(image.bytes())));
        return pinned(image);
    }

    /** What will be sent: the file if there is one, else the service that is there, else a new one; with the settings applied. */
    ServiceManifest manifest(@Nullable ServiceManifest given, @Nullable String image, DeploySettings settings) {
        Optional<JsonNode> existing = api.find(ServicePath.one(namespace, name));
        if (given == null && existing.isEmpty() && image == null) {
            throw CliException.of(ExitCode.USAGE, "service '%s' is new and needs an image".formatted(name))
                    .hint("wisp deploy %s --image REF | --archive FILE | --layout DIR | -f FILE".formatted(name));
        }
        ServiceManifest manifest = given != null
                ? given
                : existing.map(ServiceManifest::following).orElseGet(() -> ServiceManifest.empty(namespace, name));
        Map<String, @Nullable String> environment = EnvironmentVariables.of(settings);
        manifest.apply(image, settings, environment);
        existing.ifPresent(manifest::replaces);
        return manifest;
    }

    JsonNode send(ServiceManifest manifest) {
        JsonNode accepted = manifest.isChange()
                ? api.send("PUT", ServicePath.one(namespace, name), manifest.json())
                : api.send("POST", ServicePath.all(namespace), manifest.json());
        console.phase(watch.millis(), "Request accepted", "revision " + Services.latestRevision(accepted));
        return accepted;
    }

    JsonNode await(JsonNode accepted, Duration timeout) {
        long generation = accepted.path("metadata").path("generation").asLong();
        JsonNode service = new Rollout(api, console, namespace, name, watch).await(generation, timeout);
        console.phase(watch.millis(), "Ready", Services.traffic(service));
        return service;
    }

    /** By digest, so that another image under the same name makes another revision. */
    private static String pinned(ImageUpload.Uploaded image) {
        return image.reference().contains("@") ? image.reference() : image.reference() + "@" + image.digest();
    }

    private static Path layout(@Nullable Path layout) {
        if (layout == null) {
            throw new IllegalArgumentException("neither archive nor layout");
        }
        return layout;
    }
}
