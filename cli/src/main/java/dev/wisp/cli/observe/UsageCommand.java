package dev.wisp.cli.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Csv;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.ApiOption;
import dev.wisp.cli.option.NamespaceOption;
import dev.wisp.cli.option.OutputOption;
import dev.wisp.cli.service.ServicePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wisp usage}. */
@Command(
        name = "usage",
        description = "Show what was used and what it costs, from the ledger.",
        footer = {
            "",
            "Examples:",
            "  wisp usage                                    this namespace, by service",
            "  wisp usage hello --window minute              one service, minute by minute",
            "  wisp usage --group-by revision --from 2026-11-01T00:00:00Z -o json",
            "  wisp usage --group-by label:team -l env=prod   what each team used in production",
            "  wisp usage --window hour --csv > usage.csv"
        })
public final class UsageCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Only this service.")
    @Nullable
    String name;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Begin, such as 2026-11-01T00:00:00Z (default: the platform's choice for the window).")
    @Nullable
    String from;

    @Option(names = "--to", paramLabel = "TIME", description = "End, excluded (default: now).")
    @Nullable
    String to;

    @Option(
            names = "--window",
            paramLabel = "LENGTH",
            defaultValue = "day",
            description = "minute, hour, day or month (default: ${DEFAULT-VALUE}).")
    String window = "day";

    @Option(
            names = "--group-by",
            paramLabel = "NAMES",
            defaultValue = "service",
            description = "namespace, service, revision or label:NAME, several by comma (default: ${DEFAULT-VALUE}).")
    String groupBy = "service";

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "NAME=VALUE",
            description = "Only revisions that have all of these labels, several by comma.")
    @Nullable
    String selector;

    @Option(names = "--csv", description = "Every figure of each window and group, for a spreadsheet.")
    boolean csv;

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    OutputOption output = new OutputOption();

    @Mixin
    ApiOption api = new ApiOption();

    public UsageCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        JsonNode usage = whole();
        if (csv) {
            new Csv().lines(flat(usage.path("data"))).forEach(console::line);
            return ExitCode.OK;
        }
        switch (output.format()) {
            case json, yaml -> output.tree(console, usage);
            case name -> usage.path("data").forEach(row -> console.line(group(row)));
            case table -> printTable(usage);
        }
        return ExitCode.OK;
    }

    /** The answer with the data of all its pages. */
    private JsonNode whole() {
        JsonNode usage = api.api().get("/v1/usage?" + query());
        JsonNode page = usage;
        while (page.path("nextCursor").isTextual() && usage.path("data") instanceof ArrayNode data) {
            page = api.api()
                    .get("/v1/usage?%s&cursor=%s"
                            .formatted(
                                    query(),
                                    ServicePath.escape(page.path("nextCursor").asText())));
            page.path("data").forEach(data::add);
        }
        if (usage instanceof ObjectNode answer) {
            answer.remove("nextCursor");
        }
        return usage;
    }

    private String query() {
        List<String> query = new ArrayList<>();
        add(query, "namespace", namespace.name());
        add(query, "service", name);
        add(query, "from", from);
        add(query, "to", to);
        add(query, "window", window.toUpperCase(Locale.ROOT));
        add(query, "groupBy", groupBy);
        add(query, "labelSelector", selector);
        return String.join("&", query);
    }

    private static void add(List<String> query, String key, @Nullable String value) {
        if (value != null) {
            query.add(key + "=" + ServicePath.escape(value));
        }
    }

    /** With a column for each name that it is grouped by. */
    private static List<JsonNode> flat(JsonNode data) {
        List<JsonNode> rows = new ArrayList<>();
        for (JsonNode window : data) {
            ObjectNode row = Json.object();
            window.properties().forEach(field -> {
                if (field.getKey().equals("groupBy")) {
                    field.getValue().properties().forEach(group -> row.set(group.getKey(), group.getValue()));
                } else {
                    row.set(field.getKey(), field.getValue());
                }
            });
            rows.add(row);
        }
        return rows;
    }

    private void printTable(JsonNode usage) {
        if (usage.path("data").isEmpty()) {
            console.note("nothing was used between %s and %s"
                    .formatted(usage.path("from").asText(), usage.path("to").asText()));
            return;
        }
        UsageTable table = UsageTable.of(window.toLowerCase(Locale.ROOT), usage);
        usage.path("data").forEach(row -> table.add(row.path("windowStart").asText(), group(row), row));
        table.add("total", "", usage.path("total"));
        output.table(console, table.rows());
    }

    private static String group(JsonNode row) {
        return row.path("groupBy").properties().stream()
                .map(entry -> entry.getValue().asText())
                .collect(Collectors.joining("/"));
    }
}
