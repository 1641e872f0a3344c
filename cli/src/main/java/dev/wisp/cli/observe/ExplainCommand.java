package dev.wisp.cli.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.console.Table;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.ApiOption;
import dev.wisp.cli.option.NamespaceOption;
import dev.wisp.cli.option.OutputOption;
import dev.wisp.cli.service.ServicePath;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wisp explain}. */
@Command(
        name = "explain",
        description = {
            "Say why a service has as many instances as it has: demand, what was wanted, what there was, and why.",
            "With --call, what one call waited for, how often it was tried, and why earlier attempts ended."
        },
        footer = {
            "",
            "Examples:",
            "  wisp explain hello                              the last decisions, newest first",
            "  wisp explain hello --at 2026-11-01T12:00:30Z    what held at that moment, with all its numbers",
            "  wisp explain hello --limit 200 -o json",
            "  wisp explain --call 019a0c1e-7d3b-7abc-8def-001122334455"
        })
public final class ExplainCommand implements Callable<Integer> {

    private static final int LIMIT_MAX = 1_000;

    private final Console console;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The service.")
    String name = "";

    @Option(names = "--call", paramLabel = "ID", description = "One call instead: X-Invocation-Id of its answer.")
    @Nullable
    String call;

    @Option(names = "--at", paramLabel = "TIME", description = "Only what held then, such as 2026-11-01T12:00:30Z.")
    @Nullable
    String at;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many decisions (default: ${DEFAULT-VALUE}).")
    int limit;

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    OutputOption output = new OutputOption();

    @Mixin
    ApiOption api = new ApiOption();

    public ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (name.isEmpty() == (call == null)) {
            throw CliException.of(ExitCode.USAGE, "say which: the NAME of a service, or --call ID");
        }
        if (call != null) {
            CallExplanation.ask(api.api(), call).print(console, output);
            return ExitCode.OK;
        }
        JsonNode items = api.api()
                .get("/v1/namespaces/%s/services/%s/decisions?limit=%d"
                        .formatted(
                                ServicePath.escape(namespace.name()),
                                ServicePath.escape(name),
                                at == null ? limit : LIMIT_MAX))
                .path("items");
        JsonNode shown = at == null ? items : inForce(items, instant(at));
        switch (output.format()) {
            case json, yaml -> output.tree(console, shown);
            case name -> shown.forEach(item -> console.line(item.path("reason").asText()));
            case table -> print(shown);
        }
        return ExitCode.OK;
    }

    /** Of each revision the last decision before that moment. */
    private ArrayNode inForce(JsonNode items, Instant moment) {
        ArrayNode found = Json.object().putArray("items");
        for (JsonNode item : items) {
            boolean before = !Instant.parse(item.path("at").asText()).isAfter(moment);
            boolean known = false;
            for (JsonNode other : found) {
                known |= other.path("revision").equals(item.path("revision"));
            }
            if (before && !known) {
                found.add(item);
            }
        }
        if (found.isEmpty()) {
            throw CliException.of(ExitCode.FAILED, "no decision on %s from before %s is kept".formatted(name, moment));
        }
        return found;
    }

    private void print(JsonNode items) {
        Table table = new Table("at", "for", "demand", "desired", "ready", "why");
        for (JsonNode item : items) {
            JsonNode inputs = item.path("inputs");
            table.row(
                    Instant.parse(item.path("at").asText()).truncatedTo(ChronoUnit.MILLIS),
                    lasted(item),
                    inputs.path("requests").asInt(),
                    item.path("desired").asInt(),
                    inputs.path("ready").asInt(),
                    item.path("reason").asText());
        }
        output.table(console, table);
        if (at != null) {
            items.forEach(item -> console.line(item.path("inputs").toString()));
        }
    }

    private static String lasted(JsonNode item) {
        long millis = ChronoUnit.MILLIS.between(
                Instant.parse(item.path("at").asText()),
                Instant.parse(item.path("until").asText()));
        return "%d.%d s".formatted(millis / 1_000, millis % 1_000 / 100);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw CliException.of(
                    ExitCode.USAGE, "--at '%s' must be a time such as 2026-11-01T12:00:30Z".formatted(text));
        }
    }
}
