package dev.wisp.controller.revision;

import dev.wisp.contracts.revision.ImageRef;
import java.util.List;
import java.util.Map;

/**
 * An image by digest, with what its configuration says about the process.
 *
 * @param workingDir empty means the root directory
 * @param user empty means root
 * @param stopSignal name or number, empty means SIGTERM
 * @param volumes absolute paths of folders for data
 */
public record PinnedImage(
        ImageRef image,
        List<String> entrypoint,
        List<String> cmd,
        Map<String, String> env,
        String workingDir,
        String user,
        String stopSignal,
        List<String> volumes) {

    public PinnedImage {
        entrypoint = List.copyOf(entrypoint);
        cmd = List.copyOf(cmd);
        env = Map.copyOf(env);
        volumes = List.copyOf(volumes);
    }
}
