package dev.wisp.cli.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Console.State;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.console.Units;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.HomeOption;
import dev.wisp.cli.option.OutputOption;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wisp doctor}. */
@Command(
        name = "doctor",
        description = "Check this host for everything Wisp uses: is it there, what happens without it, how to get it.",
        footer = {"", "Examples:", "  wisp doctor", "  wisp doctor -o json", "  wisp doctor --explain-start"})
public final class DoctorCommand implements Callable<Integer> {

    private static final String PROBE = "dev.wisp.standalone.Doctor";

    private final Console console;
    private final Installation installation;

    @Option(names = "--explain-start", description = "Print the program of system calls that starts a sandbox here.")
    boolean explainStart;

    @Mixin
    OutputOption output = new OutputOption();

    @Mixin
    HomeOption homeOption = new HomeOption();

    public DoctorCommand(Console console, Installation installation) {
        this.console = console;
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (explainStart) {
            console.line(probe("--explain-start", installation.sampleProgram().toString())
                    .stripTrailing());
            return ExitCode.OK;
        }
        ArrayNode checks = Json.object().putArray("checks");
        checks.addAll(hostChecks());
        Json.parse(probe("--features")).forEach(checks::add);
        return report(checks);
    }

    private int report(ArrayNode checks) {
        switch (output.format()) {
            case json, yaml -> output.tree(console, checks);
            case name -> checks.forEach(check -> console.line(check.path("name").asText()));
            case table -> checks.forEach(this::print);
        }
        List<String> missing = Stream.of(checks)
                .flatMap(all -> java.util.stream.StreamSupport.stream(all.spliterator(), false))
                .filter(check -> check.path("required").asBoolean()
                        && !check.path("present").asBoolean())
                .map(check -> check.path("name").asText())
                .toList();
        if (!missing.isEmpty()) {
            throw CliException.of(ExitCode.FAILED, "Wisp cannot run here without: " + String.join(", ", missing));
        }
        if (output.isTable()) {
            console.note("Wisp can run here.");
        }
        return ExitCode.OK;
    }

    private void print(JsonNode check) {
        boolean present = check.path("present").asBoolean();
        boolean required = check.path("required").asBoolean();
        String sign = present
                ? console.state(State.GOOD, "ok     ")
                : required ? console.state(State.BAD, "MISSING") : console.state(State.UNSURE, "absent ");
        console.line("%s  %-28s %s"
                .formatted(
                        sign, check.path("name").asText(), check.path("detail").asText())
                .stripTrailing());
        if (!present) {
            console.line("           without it: " + check.path("without").asText());
            console.line("           to get it:  " + check.path("remedy").asText());
        }
    }

    /** What can be told without the platform's own code. */
    private List<ObjectNode> hostChecks() throws IOException {
        Path home = homeOption.folder();
        long free = Preflight.freeBytes(home);
        return List.of(
                check(
                        "java",
                        Runtime.version().feature() >= 25,
                        true,
                        Runtime.version().toString(),
                        "Wisp does not start",
                        "apt-get install temurin-25-jdk"),
                check(
                        "disk",
                        free >= Preflight.FREE_BYTES_MIN,
                        true,
                        "%s free for %s".formatted(Units.bytes(free), home),
                        "Kafka and Postgres stop",
                        "free at least %s, or wisp up --home DIR".formatted(Units.bytes(Preflight.FREE_BYTES_MIN))),
                program("setsid", true, "the platform cannot leave the terminal", "apt-get install util-linux"),
                program("crun", false, "wisp bench cold compares with bubblewrap alone", "apt-get install crun"),
                program("bwrap", false, "wisp bench cold compares with crun alone", "apt-get install bubblewrap"),
                program("nginx", false, "wisp bench warm has nothing to compare with", "apt-get install nginx-light"));
    }

    private static ObjectNode program(String name, boolean required, String without, String remedy) {
        String found = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("");
        return check("program " + name, !found.isEmpty(), required, found, without, remedy);
    }

    private static ObjectNode check(
            String name, boolean present, boolean required, String detail, String without, String remedy) {
        return Json.object()
                .put("name", name)
                .put("present", present)
                .put("required", required)
                .put("detail", detail)
                .put("without", without)
                .put("remedy", remedy);
    }

    private String probe(String... question) throws IOException, InterruptedException {
        return PlatformTool.ask(installation, PROBE, "the host could not be examined", List.of(question));
    }
}
