package dev.wisp.bench.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wisp.bench.process.Programs;
import dev.wisp.bench.report.BenchException;
import dev.wisp.contracts.revision.Capability;
import dev.wisp.contracts.revision.ProcessSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An image of one layer in a folder of its own, as {@code bench/sandbox/images/build} makes it; not for images of strangers. */
final class OciLayout {

    private static final int SIGTERM = 15;
    private static final Map<String, Integer> SIGNALS = Map.of("SIGQUIT", 3, "SIGINT", 2);

    private static final Duration UNPACK_PATIENCE = Duration.ofMinutes(5);

    private final Path folder;
    private final JsonNode manifest;

    OciLayout(Path folder) {
        this.folder = folder;
        this.manifest =
                json(blob(json(folder.resolve("index.json")).path("manifests").path(0)));
    }

    /** Unpacks the layer with owners and modes. */
    void unpack(Path target) {
        ProcessBuilder tar = new ProcessBuilder(
                "tar",
                "-x",
                "-p",
                "--numeric-owner",
                "-f",
                blob(manifest.path("layers").path(0)).toString(),
                "-C",
                target.toString());
        Programs.run(tar.inheritIO(), UNPACK_PATIENCE, "unpacking " + folder);
    }

    /** What the image says about its process, and nothing else but the capabilities. */
    ProcessSpec process(List<Capability> capabilities) {
        JsonNode config = json(blob(manifest.path("config"))).path("config");
        List<String> argv = words(config.path("Entrypoint"));
        argv.addAll(words(config.path("Cmd")));
        Map<String, String> env = new HashMap<>();
        words(config.path("Env")).forEach(setting -> {
            int equals = setting.indexOf('=');
            env.put(setting.substring(0, equals), setting.substring(equals + 1));
        });
        List<String> volumes = new ArrayList<>();
        config.path("Volumes").fieldNames().forEachRemaining(volumes::add);
        return new ProcessSpec(
                argv,
                env,
                config.path("WorkingDir").asText("/"),
                config.path("User").asText(""),
                SIGNALS.getOrDefault(config.path("StopSignal").asText(), SIGTERM),
                capabilities,
                volumes,
                List.of());
    }

    private static List<String> words(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(word.asText()));
        return words;
    }

    private Path blob(JsonNode descriptor) {
        return folder.resolve("blobs")
                .resolve(descriptor.path("digest").asText().replace(':', '/'));
    }

    private static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new BenchException("no image: %s".formatted(e.getMessage()), e);
        }
    }
}
