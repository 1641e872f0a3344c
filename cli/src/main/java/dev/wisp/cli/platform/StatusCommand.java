package dev.wisp.cli.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wisp.cli.api.Api;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.console.Table;
import dev.wisp.cli.console.Units;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.ApiOption;
import dev.wisp.cli.option.HomeOption;
import dev.wisp.cli.option.OutputOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wisp status}. */
@Command(
        name = "status",
        description = "Show whether the platform runs and is ready. Exits with 8 when it does not run.",
        footer = {"", "Examples:", "  wisp status", "  wisp status -o json"})
public final class StatusCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    OutputOption output = new OutputOption();

    @Mixin
    HomeOption homeOption = new HomeOption();

    @Mixin
    ApiOption api = new ApiOption();

    public StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Home home = new Home(homeOption.folder());
        Optional<ProcessHandle> process = home.platform();
        ObjectNode status = Json.object();
        String health = health(api.api(), status);
        status.put("state", health);
        process.ifPresent(handle -> describe(handle, status));
        status.put("api", api.endpoint().toString());
        status.put("home", home.folder().toString());
        print(status);
        return switch (health) {
            case "ready" -> ExitCode.OK;
            case "not running" -> ExitCode.UNREACHABLE;
            default -> ExitCode.FAILED;
        };
    }

    private void print(ObjectNode status) {
        switch (output.format()) {
            case json, yaml -> output.tree(console, status);
            case name -> console.line(status.path("state").asText());
            case table -> {
                Table table = new Table("", "");
                status.properties()
                        .forEach(entry ->
                                table.row(entry.getKey(), entry.getValue().asText()));
                table.lines(false).forEach(console::line);
            }
        }
    }

    private static String health(Api api, ObjectNode status) {
        try {
            JsonNode health = api.health();
            status.put("checks", checks(health));
            return health.path("status").asText().equals("UP") ? "ready" : "not ready";
        } catch (CliException e) {
            if (e.exitCode() == ExitCode.UNREACHABLE) {
                return "not running";
            }
            status.put("reason", e.getMessage());
            return "not ready";
        }
    }

    private static String checks(JsonNode health) {
        return StreamSupport.stream(health.path("checks").spliterator(), false)
                .map(check ->
                        check.path("name").asText() + " " + check.path("status").asText())
                .collect(Collectors.joining(", "));
    }

    private static void describe(ProcessHandle process, ObjectNode status) {
        status.put("pid", process.pid());
        process.info()
                .startInstant()
                .ifPresent(start -> status.put(
                        "up for",
                        Units.age(Duration.between(start, InstantSource.system().instant()))));
        Proc.residentBytes(process.pid()).ifPresent(bytes -> status.put("memory", Units.bytes(bytes)));
    }
}
