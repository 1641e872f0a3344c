package dev.wisp.cli.platform;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.api.Api;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.console.Table;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.ApiOption;
import dev.wisp.cli.option.NamespaceOption;
import dev.wisp.cli.option.OutputOption;
import dev.wisp.cli.service.ServicePath;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wisp replay}. */
@Command(
        name = "replay",
        description = {
            "Run recorded calls through the platform's own decisions under other policies: cold starts,",
            "waiting, idle memory and cost. From the ledger, or from a trace in the Azure format."
        },
        footer = {
            "",
            "Policies: fixed:SECONDS, knative, histogram, economic or economic:PRICE, the price of a",
            "gigabyte held idle for a second when a second of waiting costs 1.",
            "",
            "Examples:",
            "  wisp replay hello --from 2026-11-01T00:00:00Z      a service's calls from the ledger",
            "  wisp replay --trace DIR --start-ms 150             invocations.csv, durations.csv, memory.csv",
            "  wisp replay --trace DIR --policy fixed:10 --policy economic:0.01 -o json",
            "  wisp replay --trace DIR --plot frontier.svg        the economic policy at every price"
        })
public final class ReplayCommand implements Callable<Integer> {

    private static final String TOOL = "dev.wisp.standalone.Replay";
    private static final int PAGE = 1_000;
    private static final int CALLS_MAX = 5_000_000;

    private final Console console;
    private final Installation installation;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Only calls of this service.")
    @Nullable
    String name;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Calls received at or after, such as 2026-11-01T00:00:00Z.")
    @Nullable
    String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Calls received before.")
    @Nullable
    String to;

    @Option(names = "--trace", paramLabel = "DIR", description = "Replay the trace in this folder instead.")
    @Nullable
    Path trace;

    @Option(names = "--policy", paramLabel = "POLICY", description = "A policy to try; may be given several times.")
    List<String> policies = new ArrayList<>();

    @Option(names = "--keep-alive", paramLabel = "SECONDS", description = "Short for --policy fixed:SECONDS.")
    List<String> keepAlives = new ArrayList<>();

    @Option(
            names = "--start-ms",
            paramLabel = "MILLIS",
            defaultValue = "1",
            description = "What a start takes (default: ${DEFAULT-VALUE}).")
    double startMillis;

    @Option(names = "--plot", paramLabel = "FILE", description = "Draw the frontier as an SVG.")
    @Nullable
    Path plot;

    @Mixin
    NamespaceOption namespace = new NamespaceOption();

    @Mixin
    OutputOption output = new OutputOption();

    @Mixin
    ApiOption api = new ApiOption();

    public ReplayCommand(Console console, Installation installation) {
        this.console = console;
        this.installation = installation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (trace != null) {
            return report(replay("trace", trace));
        }
        Path calls = Files.createTempFile("wisp-replay", ".csv");
        try {
            download(calls);
            return report(replay("calls", calls));
        } finally {
            Files.delete(calls);
        }
    }

    private JsonNode replay(String kind, Path path) throws IOException, InterruptedException {
        List<String> question = new ArrayList<>(List.of(
                kind,
                path.toAbsolutePath().toString(),
                Double.toString(startMillis).replaceAll("\\.0$", ""),
                plot == null ? "-" : plot.toAbsolutePath().toString()));
        question.addAll(chosen());
        return Json.parse(PlatformTool.ask(installation, TOOL, "the calls could not be replayed", question));
    }

    private List<String> chosen() {
        List<String> chosen = new ArrayList<>(policies);
        keepAlives.forEach(seconds -> chosen.add("fixed:" + seconds));
        return chosen.isEmpty()
                ? List.of(
                        "fixed:1",
                        "fixed:60",
                        "fixed:600",
                        "knative",
                        "histogram",
                        "economic:0.01",
                        "economic",
                        "economic:0.0001")
                : chosen;
    }

    private void download(Path file) throws IOException {
        Api platform = api.api();
        String cursor = "";
        int count = 0;
        try (BufferedWriter lines = Files.newBufferedWriter(file)) {
            do {
                JsonNode page = platform.get("/v1/billing/records?" + query(cursor));
                for (JsonNode record : page.path("records")) {
                    lines.write(line(record));
                    count++;
                }
                cursor = page.path("nextCursor").asText("");
            } while (count < CALLS_MAX && !cursor.isEmpty() && !cursor.equals("null"));
        }
        if (count == 0) {
            throw CliException.of(ExitCode.FAILED, "the ledger has no such calls");
        }
    }

    private static String line(JsonNode record) {
        long arrival = ChronoUnit.MICROS.between(
                Instant.EPOCH, Instant.parse(record.path("receivedAt").asText()));
        return "%s/%s,%d,%d,%d%n"
                .formatted(
                        record.path("namespace").asText(),
                        record.path("revision").asText(),
                        Math.max(1, record.path("memoryBytes").asLong()),
                        arrival,
                        Math.max(0, record.path("appMicros").asLong()));
    }

    private String query(String cursor) {
        List<String> query = new ArrayList<>();
        add(query, "namespace", namespace.name());
        add(query, "service", name);
        add(query, "from", from);
        add(query, "to", to);
        add(query, "limit", Integer.toString(PAGE));
        add(query, "cursor", cursor.isEmpty() ? null : cursor);
        return String.join("&", query);
    }

    private static void add(List<String> query, String key, @Nullable String value) {
        if (value != null) {
            query.add(key + "=" + ServicePath.escape(value));
        }
    }

    private int report(JsonNode rows) {
        switch (output.format()) {
            case json, yaml -> output.tree(console, rows);
            case name -> rows.forEach(row -> console.line(row.path("policy").asText()));
            case table -> output.table(console, table(rows));
        }
        return ExitCode.OK;
    }

    private static Table table(JsonNode rows) {
        Table table = new Table(
                "policy",
                "calls",
                "cold",
                "ahead",
                "added ms",
                "idle GB·s",
                "wisp $",
                "cloud run $",
                "lambda $",
                "cloudflare $");
        for (JsonNode row : rows) {
            JsonNode cost = row.path("costDollars");
            table.row(
                    row.path("policy").asText(),
                    row.path("calls").asLong(),
                    row.path("coldStarts").asLong(),
                    row.path("startsAhead").asLong(),
                    number("%.4f", row.path("addedLatencyMillis")),
                    number("%.0f", row.path("idleGbSeconds")),
                    number("%.4f", cost.path("wisp")),
                    number("%.4f", cost.path("cloud-run")),
                    number("%.4f", cost.path("lambda")),
                    number("%.4f", cost.path("cloudflare-containers")));
        }
        return table;
    }

    private static String number(String format, JsonNode value) {
        return String.format(Locale.ROOT, format, value.asDouble());
    }
}
