package dev.wisp.cli.service;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a service shall run; what is not given stays as it is, or as the platform's default. */
final class DeploySettings {

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port the container listens on (the platform sets $PORT to it; default 8080).")
    @Nullable
    Integer port;

    @Option(names = "--cpu", paramLabel = "CPU", description = "Processor limit, such as 0.5 or 500m.")
    @Nullable
    String cpu;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Memory limit, such as 128Mi or 1Gi.")
    @Nullable
    String memory;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "Requests one instance serves at once; 0: no limit.")
    @Nullable
    Integer concurrency;

    @Option(
            names = {"--min", "--min-instances"},
            paramLabel = "N",
            description = "Instances kept while nobody calls.")
    @Nullable
    Integer min;

    @Option(
            names = {"--max", "--max-instances"},
            paramLabel = "N",
            description = "Instances never exceeded; 0: no limit.")
    @Nullable
    Integer max;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Longest time one request may take.")
    @Nullable
    Integer timeout;

    @Option(
            names = "--keep-alive",
            paramLabel = "DURATION",
            description = "How long an idle instance is kept, such as 0s, 500ms or 10m.")
    @Nullable
    String keepAlive;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME=VALUE",
            description = "Environment variable; NAME- takes it away. Repeatable.")
    List<String> environment = List.of();

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "Lines of NAME=VALUE; empty lines and # comments are skipped.")
    @Nullable
    String environmentFile;

    @Option(
            names = "--command",
            paramLabel = "WORD",
            description = "Command in place of the image's entrypoint. Repeatable, a word each.")
    List<String> command = List.of();

    @Option(
            names = {"--arg", "--args"},
            paramLabel = "WORD",
            description = "Argument in place of the image's. Repeatable, a word each.")
    List<String> arguments = List.of();

    /** Annotations of the revision template these settings ask for. */
    Map<String, String> annotations() {
        Map<String, String> annotations = new TreeMap<>();
        put(annotations, "autoscaling.knative.dev/min-scale", min);
        put(annotations, "autoscaling.knative.dev/max-scale", max);
        put(annotations, "wisp.dev/keep-alive", keepAlive);
        return annotations;
    }

    private static void put(Map<String, String> annotations, String key, @Nullable Object value) {
        if (value != null) {
            annotations.put(key, value.toString());
        }
    }
}
