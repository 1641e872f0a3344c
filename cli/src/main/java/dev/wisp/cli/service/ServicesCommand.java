package dev.wisp.cli.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Console.State;
import dev.wisp.cli.console.Table;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.ApiOption;
import dev.wisp.cli.option.NamespaceOption;
import dev.wisp.cli.option.OutputOption;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wisp services}. */
@Command(name = "services", aliases = "service", description = "List, show and delete services.")
public final class ServicesCommand implements Runnable {

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    public ServicesCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what: services list, describe or delete");
    }

    @Command(
            name = "list",
            description = "List services.",
            footer = {"", "Examples:", "  wisp services list", "  wisp services list -o json | jq '.items[].status.url'"
            })
    int list(@Mixin NamespaceOption namespace, @Mixin OutputOption output, @Mixin ApiOption api) {
        JsonNode services = api.api().get(ServicePath.all(namespace.name()));
        switch (output.format()) {
            case json, yaml -> output.tree(console, services);
            case name -> services.path("items").forEach(service -> console.line(Services.name(service)));
            case table -> listTable(services.path("items"), namespace, output);
        }
        return ExitCode.OK;
    }

    private void listTable(JsonNode services, NamespaceOption namespace, OutputOption output) {
        if (services.isEmpty()) {
            console.note("no services in namespace '%s'; create one: wisp deploy NAME --image REF"
                    .formatted(namespace.name()));
            return;
        }
        Table table = new Table("NAME", "URL", "LATEST", "AGE", "READY", "REASON");
        for (JsonNode service : services) {
            JsonNode ready = Services.condition(service, "Ready");
            table.row(
                    Services.name(service),
                    Services.url(service),
                    Services.latestRevision(service),
                    Services.age(
                            service.path("metadata").path("creationTimestamp"),
                            InstantSource.system().instant()),
                    ready.path("status").asText("Unknown"),
                    ready.path("reason").asText());
        }
        output.table(console, table);
    }

    @Command(
            name = "describe",
            description = "Show one service: its URL, image, traffic and conditions.",
            footer = {"", "Examples:", "  wisp services describe hello", "  wisp services describe hello -o yaml"})
    int describe(
            @Parameters(paramLabel = "NAME", description = "Name of the service.") String name,
            @Mixin NamespaceOption namespace,
            @Mixin OutputOption output,
            @Mixin ApiOption api) {
        JsonNode service = api.api().get(ServicePath.one(namespace.name(), name));
        switch (output.format()) {
            case json, yaml -> output.tree(console, service);
            case name -> console.line(Services.name(service));
            case table -> describeTable(service);
        }
        return ExitCode.OK;
    }

    private void describeTable(JsonNode service) {
        Table facts = new Table("", "");
        facts.row("Name:", Services.name(service))
                .row("Namespace:", service.path("metadata").path("namespace").asText())
                .row("URL:", Services.url(service))
                .row("Image:", Services.image(service))
                .row("Traffic:", Services.traffic(service))
                .row("Latest:", Services.latestRevision(service))
                .row("Age:", age(service.path("metadata").path("creationTimestamp")));
        facts.lines(false).forEach(console::line);
        console.line("");
        console.line("Conditions:");
        Table conditions = new Table("OK", "TYPE", "AGE", "REASON", "MESSAGE");
        for (JsonNode condition : service.path("status").path("conditions")) {
            conditions.row(
                    sign(condition.path("status").asText()),
                    condition.path("type").asText(),
                    age(condition.path("lastTransitionTime")),
                    condition.path("reason").asText(),
                    condition.path("message").asText().replace("\n", "; "));
        }
        conditions.lines(true).forEach(line -> console.line("  " + console.state(state(line), line)));
    }

    private static String age(JsonNode instant) {
        return Services.age(instant, InstantSource.system().instant());
    }

    private static String sign(String status) {
        return switch (status) {
            case "True" -> "++";
            case "False" -> "!!";
            default -> "??";
        };
    }

    private static State state(String line) {
        return line.startsWith("!!") ? State.BAD : line.startsWith("??") ? State.UNSURE : State.PLAIN;
    }

    @Command(
            name = "delete",
            description = "Delete services. Their records and costs stay.",
            footer = {"", "Examples:", "  wisp services delete hello", "  wisp services delete hello api -y"})
    int delete(
            @Parameters(arity = "1..*", paramLabel = "NAME", description = "Names of the services.") List<String> names,
            @Option(
                            names = {"-y", "--yes"},
                            description = "Do not ask.")
                    boolean yes,
            @Mixin NamespaceOption namespace,
            @Mixin ApiOption api) {
        if (!yes && !confirmed(names)) {
            throw CliException.of(ExitCode.FAILED, "nothing was deleted").hint("answer y, or give -y");
        }
        for (String name : names) {
            api.api().send("DELETE", ServicePath.one(namespace.name(), name), null);
            console.note("deleted service '%s' in namespace '%s'".formatted(name, namespace.name()));
        }
        return ExitCode.OK;
    }

    /** Without a terminal nobody can be asked, and a script means what it says. */
    private boolean confirmed(List<String> names) {
        if (!Confirmation.canAsk()) {
            return true;
        }
        return Confirmation.ask(console, "Delete %s? [y/N] ".formatted(String.join(", ", names)));
    }
}
