package dev.wisp.cli.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.ApiOption;
import dev.wisp.cli.option.NamespaceOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wisp deploy}. */
@Command(
        name = "deploy",
        description = "Create a service, or change the one that is there, and wait until it serves.",
        footer = {
            "",
            "Examples:",
            "  wisp deploy hello --archive deploy/samples/target/hello-oci.tar",
            "  wisp deploy api --image registry.example/api:1.4 --memory 256Mi -e LOG=debug",
            "  wisp deploy api --max 20 --concurrency 1      changes these, keeps the rest",
            "  wisp deploy -f service.yaml                   a Knative Service, as kn and kubectl take it"
        })
public final class DeployCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "Name of the service; with -f it may stand in the file.")
    @Nullable
    String name;

    @ArgGroup
    @Nullable
    Source source;

    @Mixin
    DeploySettings settings = new DeploySettings();

    @Option(names = "--no-wait", description = "Return as soon as the platform has accepted it.")
    boolean noWait;

    @Option(
            names = "--wait-timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "Longest time to wait (default: ${DEFAULT-VALUE}).")
    int waitTimeoutSeconds;

    @Option(names = "--dry-run", description = "Print what would be sent, and send nothing.")
    boolean dryRun;

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    ApiOption api = new ApiOption();

    public DeployCommand(Console console) {
        this.console = console;
    }

    /** Where the image or the whole service comes from; one of them, or none to change settings only. */
    static final class Source {

        @Option(names = "--image", paramLabel = "REF", description = "Image in a registry.")
        @Nullable
        String image;

        @Option(names = "--archive", paramLabel = "FILE", description = "OCI archive, or what docker save wrote.")
        @Nullable
        Path archive;

        @Option(names = "--layout", paramLabel = "DIR", description = "OCI layout folder.")
        @Nullable
        Path layout;

        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                description = "Knative Service in YAML or JSON; - reads standard input.")
        @Nullable
        String file;
    }

    @Override
    public Integer call() {
        Source from = source == null ? new Source() : source;
        ServiceManifest given = from.file == null ? null : readManifest(from.file);
        String service = serviceName(given);
        Deployment deployment = new Deployment(
                api.api(),
                console,
                given == null ? namespace.name() : given.namespace(namespace.name()),
                service,
                new Stopwatch());
        if (dryRun) {
            console.line(
                    Json.yaml(deployment.manifest(given, from.image, settings).json()));
            return ExitCode.OK;
        }
        deployment.begin();
        String image = from.image == null ? deployment.upload(from.archive, from.layout) : from.image;
        JsonNode accepted = deployment.send(deployment.manifest(given, image, settings));
        JsonNode serving = noWait ? accepted : deployment.await(accepted, Duration.ofSeconds(waitTimeoutSeconds));
        console.result(Services.url(serving));
        return ExitCode.OK;
    }

    private String serviceName(@Nullable ServiceManifest given) {
        String inFile = given == null ? "" : given.name();
        if (name != null && !inFile.isEmpty() && !name.equals(inFile)) {
            throw CliException.of(
                    ExitCode.USAGE, "the file names the service '%s', the command '%s'".formatted(inFile, name));
        }
        String service = name != null ? name : inFile;
        if (service.isEmpty()) {
            throw CliException.of(ExitCode.USAGE, "the service needs a name").hint("wisp deploy NAME --image REF");
        }
        return service;
    }

    private static ServiceManifest readManifest(String file) {
        try {
            String text = file.equals("-")
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
            JsonNode tree = Json.parseYaml(text);
            if (!tree.isObject()) {
                throw CliException.of(ExitCode.USAGE, "-f %s: holds no object".formatted(file));
            }
            return ServiceManifest.of(tree);
        } catch (IOException e) {
            throw CliException.of(ExitCode.USAGE, "-f %s: cannot be read".formatted(file))
                    .because(firstLine(e));
        }
    }

    private static String firstLine(IOException e) {
        return Optional.ofNullable(e.getMessage())
                .orElse(e.toString())
                .lines()
                .findFirst()
                .orElse("");
    }
}
