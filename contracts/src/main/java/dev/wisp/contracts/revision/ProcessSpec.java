package dev.wisp.contracts.revision;

import java.util.List;
import java.util.Map;

/**
 * The process an instance executes: image configuration and service already merged.
 *
 * @param argv entrypoint and arguments, at least one
 * @param env environment of the process, without what the node adds ({@code PORT}, {@code K_*})
 * @param workingDir absolute path inside the image
 * @param user {@code uid}, {@code uid:gid}, {@code name} or {@code name:group}; empty means root inside the sandbox
 * @param stopSignal number of the signal that asks it to stop, 15 unless the image says otherwise
 */
public record ProcessSpec(List<String> argv, Map<String, String> env, String workingDir, String user, int stopSignal) {

    public ProcessSpec {
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("argv is empty, must name an executable");
        }
        argv = List.copyOf(argv);
        env = Map.copyOf(env);
    }
}
