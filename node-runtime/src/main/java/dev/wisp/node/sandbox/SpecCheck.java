package dev.wisp.node.sandbox;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.contracts.revision.Restriction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Refuses what cannot be started, before anything is done. */
final class SpecCheck {

    /** Linux takes a quarter of the stack limit, 2 MiB, for both together; this bound also keeps them far below the least memory limit. */
    static final int ARGUMENT_BYTES_MAX = 512 * 1024;

    /**
     * Before it executes the entrypoint a child is in its memory group for a moment, while it still shares the runtime's memory. What the kernel charges in that
     * moment stays below 2 MiB ({@link #ARGUMENT_BYTES_MAX} included), so that with this much nobody can be killed for being out of memory there.
     */
    static final long MEMORY_BYTES_MIN = 4L << 20;

    private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,63}");
    private static final Pattern LAYER_NAME = Pattern.compile("[A-Za-z0-9._/-]+");
    private static final int LAYERS_MAX = 127;
    private static final int LAYER_NAMES_MAX = 3_900;
    private static final int PATH_CHARS_MAX = 1024;
    private static final int PATH_PARTS_MAX = 32;
    private static final int VOLUMES_MAX = 16;
    private static final int VOLUME_PARTS_MAX = 64;

    /** Neither empty parts nor dots: what it means does not depend on what is there. */
    private static final Pattern VOLUME = Pattern.compile("(/(?!\\.{1,2}(/|$))[^/\\x00]+)+/?");

    private static final Pattern RESERVED = Pattern.compile("/(proc|sys|dev)(/.*)?");

    private SpecCheck() {}

    static void check(SandboxSpec spec, LinuxSandboxConfig config) {
        ProcessSpec process = spec.process();
        require(ID.matcher(spec.id()).matches(), "id '%s' must match [a-z0-9-]{1,63}", spec.id());
        require(
                spec.limits().memoryBytes() >= MEMORY_BYTES_MIN,
                "memory limit of %s bytes is below the least, " + MEMORY_BYTES_MIN,
                spec.limits().memoryBytes());
        int layers = spec.layers().size();
        require(layers >= 1 && layers <= LAYERS_MAX, "image has %s layers, must be 1 to " + LAYERS_MAX, layers);
        for (Path layer : spec.layers()) {
            require(
                    layer.toAbsolutePath().normalize().startsWith(config.layersFolder()),
                    "layer %s is not below the layers folder",
                    layer);
        }
        layerNames(spec, config);
        workingFolder(process.workingDir());
        volumes(process.volumes());
        arguments(spec);
    }

    /** The names become one mount option, in which some characters mean something and which the kernel reads at most a page of. */
    private static void layerNames(SandboxSpec spec, LinuxSandboxConfig config) {
        int length = 0;
        for (Path layer : spec.layers()) {
            String name = config.layersFolder()
                    .relativize(layer.toAbsolutePath().normalize())
                    .toString();
            require(LAYER_NAME.matcher(name).matches(), "layer name '%s' must match [A-Za-z0-9._/-]+", name);
            length += name.length() + 1;
        }
        require(
                length <= LAYER_NAMES_MAX,
                "names of the layers take %s characters, at most " + LAYER_NAMES_MAX,
                length);
    }

    private static void workingFolder(String path) {
        require(path.isEmpty() || path.startsWith("/"), "working directory '%s' is not absolute", path);
        require(path.length() <= PATH_CHARS_MAX, "working directory is longer than %s characters", PATH_CHARS_MAX);
        require(
                path.chars().filter(c -> c == '/').count() <= PATH_PARTS_MAX,
                "working directory is deeper than %s folders",
                PATH_PARTS_MAX);
        require(path.indexOf('\0') < 0, "working directory contains a NUL character%s", "");
    }

    private static void volumes(List<String> paths) {
        require(paths.size() <= VOLUMES_MAX, "image declares %s volumes, at most " + VOLUMES_MAX, paths.size());
        for (String path : paths) {
            require(VOLUME.matcher(path).matches(), "volume '%s' is not a plain absolute path", path);
            require(path.length() <= PATH_CHARS_MAX, "a volume's name is longer than %s characters", PATH_CHARS_MAX);
            require(!RESERVED.matcher(path).matches(), "volume %s is where the sandbox has its own", path);
        }
        long parts =
                paths.stream().flatMapToInt(String::chars).filter(c -> c == '/').count();
        require(parts <= VOLUME_PARTS_MAX, "volumes have %s folders together, at most " + VOLUME_PARTS_MAX, parts);
    }

    /** Known only when the image was asked who its user is. */
    static void checkUser(SandboxSpec spec, ImageUser user) {
        require(
                user.uid() != 0 || !spec.process().restrictions().contains(Restriction.NO_ROOT_USER),
                "the service has runAsNonRoot, and the image's user '%s' is root: set runAsUser",
                spec.process().user());
    }

    private static void arguments(SandboxSpec spec) {
        long bytes = 0;
        for (String argument : spec.process().argv()) {
            bytes += size(argument);
        }
        for (Map<String, String> env : List.of(spec.process().env(), spec.platformEnv())) {
            for (Map.Entry<String, String> entry : env.entrySet()) {
                require(
                        !entry.getKey().isEmpty() && entry.getKey().indexOf('=') < 0,
                        "environment variable '%s' has no valid name",
                        entry.getKey());
                bytes += size(entry.getKey()) + size(entry.getValue());
            }
        }
        require(
                bytes <= ARGUMENT_BYTES_MAX,
                "arguments and environment take %s bytes, at most " + ARGUMENT_BYTES_MAX,
                bytes);
        require(!spec.process().argv().getFirst().isEmpty(), "entrypoint is empty%s", "");
    }

    private static long size(String text) {
        require(text.indexOf('\0') < 0, "an argument or environment variable contains a NUL character%s", "");
        return text.getBytes(StandardCharsets.UTF_8).length + 1L;
    }

    private static void require(boolean holds, String text, Object value) {
        if (!holds) {
            throw new ProblemException(Problem.of(ErrorCode.INVALID, text.formatted(value)));
        }
    }
}
