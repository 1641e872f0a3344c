package dev.wisp.controller.revision;

import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.controller.policy.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Merges what an image and a service say about the process, as Kubernetes does: a command replaces the image's entrypoint and drops
 * its arguments, args replace the image's arguments, variables of the service win over the image's.
 */
final class ProcessPolicy {

    private ProcessPolicy() {}

    /** Empty when neither image nor service names anything to execute. */
    static Optional<ProcessSpec> process(PinnedImage image, Workload workload) {
        List<String> argv = new ArrayList<>();
        Map<String, String> own = VariableExpansion.expand(workload.env());
        if (workload.command().isEmpty()) {
            argv.addAll(image.entrypoint());
        } else {
            workload.command().forEach(word -> argv.add(VariableExpansion.expand(word, own)));
        }
        if (!workload.args().isEmpty()) {
            workload.args().forEach(word -> argv.add(VariableExpansion.expand(word, own)));
        } else if (workload.command().isEmpty()) {
            argv.addAll(image.cmd());
        }
        if (argv.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> env = new HashMap<>(image.env());
        env.putAll(own);
        return Optional.of(new ProcessSpec(
                argv,
                env,
                workingDir(image, workload),
                user(image, workload),
                StopSignals.number(image.stopSignal()),
                workload.capabilities(),
                image.volumes(),
                workload.restrictions()));
    }

    private static String workingDir(PinnedImage image, Workload workload) {
        if (workload.workingDir() != null) {
            return workload.workingDir();
        }
        if (image.workingDir().isEmpty()) {
            return "/";
        }
        return image.workingDir().startsWith("/") ? image.workingDir() : "/" + image.workingDir();
    }

    private static String user(PinnedImage image, Workload workload) {
        return workload.user() == null ? image.user() : workload.user();
    }
}
