package dev.wisp.contracts.revision;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The process an instance executes: image configuration and service already merged.
 *
 * @param argv entrypoint and arguments, at least one
 * @param env environment of the process, without what the node adds ({@code PORT}, {@code K_*})
 * @param workingDir absolute path inside the image
 * @param user {@code uid}, {@code uid:gid}, {@code name} or {@code name:group}; empty means root inside the sandbox
 * @param stopSignal number of the signal that asks it to stop, 15 unless the image says otherwise
 * @param capabilities what root inside may do, each once and in the order of {@link Capability}; without effect for another user
 * @param volumes absolute paths that the image declares for data: made when missing, writable also with {@link Restriction#READ_ONLY_ROOT}
 * @param restrictions each once, in the order of {@link Restriction}
 */
public record ProcessSpec(
        List<String> argv,
        Map<String, String> env,
        String workingDir,
        String user,
        int stopSignal,
        List<Capability> capabilities,
        List<String> volumes,
        List<Restriction> restrictions) {

    public ProcessSpec {
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("argv is empty, must name an executable");
        }
        argv = List.copyOf(argv);
        env = Map.copyOf(env);
        // Records written before there were any have none.
        capabilities = inOrder(Objects.requireNonNullElse(capabilities, List.of()));
        volumes = List.copyOf(Objects.requireNonNullElse(volumes, List.of()));
        restrictions = inOrder(Objects.requireNonNullElse(restrictions, List.of()));
    }

    private static <T extends Comparable<T>> List<T> inOrder(List<T> values) {
        return values.stream().distinct().sorted().toList();
    }

    /** A process without capabilities, volumes and restrictions. */
    public ProcessSpec(List<String> argv, Map<String, String> env, String workingDir, String user, int stopSignal) {
        this(argv, env, workingDir, user, stopSignal, List.of(), List.of(), List.of());
    }
}
