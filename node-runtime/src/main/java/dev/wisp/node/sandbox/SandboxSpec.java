package dev.wisp.node.sandbox;

import dev.wisp.contracts.revision.Limits;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.contracts.revision.ProcessSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a sandbox is started from.
 *
 * @param id instance id, unique on the node, {@code [a-z0-9-]{1,63}}
 * @param layers unpacked layer folders, bottom first, read-only and shared
 * @param process what to execute
 * @param platformEnv added to the process's environment and stronger than it: {@code PORT}, {@code K_SERVICE}, {@code K_REVISION}
 * @param port where the process will listen
 * @param startTimeout longest wait for that
 * @param output receives what the process prints
 * @param account whose sandbox it is, which matters to where it may connect to
 * @param network what it has besides its own loopback
 */
public record SandboxSpec(
        String id,
        List<Path> layers,
        ProcessSpec process,
        Map<String, String> platformEnv,
        Limits limits,
        int port,
        Duration startTimeout,
        OutputSink output,
        String account,
        NetworkSpec network) {

    public SandboxSpec {
        layers = List.copyOf(layers);
        platformEnv = Map.copyOf(platformEnv);
    }

    /** One without network. */
    public SandboxSpec(
            String id,
            List<Path> layers,
            ProcessSpec process,
            Map<String, String> platformEnv,
            Limits limits,
            int port,
            Duration startTimeout,
            OutputSink output) {
        this(id, layers, process, platformEnv, limits, port, startTimeout, output, "", NetworkSpec.NONE);
    }
}
