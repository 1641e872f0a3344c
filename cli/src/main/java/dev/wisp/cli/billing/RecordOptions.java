package dev.wisp.cli.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.api.Api;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Csv;
import dev.wisp.cli.console.Table;
import dev.wisp.cli.option.OutputOption;
import dev.wisp.cli.service.ServicePath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which records are listed, and how. */
final class RecordOptions {

    private static final int PAGE_MAX = 1_000;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "Only of this namespace.")
    @Nullable
    String namespace;

    @Option(names = "--service", paramLabel = "NAME", description = "Only of this service.")
    @Nullable
    String service;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Received, or ended, at or after, such as 2026-11-01T00:00:00Z.")
    @Nullable
    String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Received before.")
    @Nullable
    String to;

    @Option(
            names = "--meter",
            paramLabel = "METER",
            description = "Only what an invoice counts for this meter: billed, and more than nothing of it.")
    @Nullable
    String meter;

    @Option(names = "--prices", paramLabel = "VERSION", description = "Only under this version of the prices.")
    @Nullable
    String prices;

    @Option(
            names = "--invoice",
            paramLabel = "NUMBER",
            description = "Only what this invoice counts, whatever came later.")
    @Nullable
    Long invoice;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many (default: ${DEFAULT-VALUE}).")
    int limit;

    @Option(names = "--csv", description = "Every figure of each, for a spreadsheet.")
    boolean csv;

    @Mixin
    OutputOption output = new OutputOption();

    /** What there are records of. */
    enum Kind {
        CALLS("/v1/billing/records", "invocationId"),
        INSTANCES("/v1/billing/instance-times", "timeId");

        private final String path;
        private final String id;

        Kind(String path, String id) {
            this.path = path;
            this.id = id;
        }

        private Table table(JsonNode records) {
            return switch (this) {
                case CALLS -> BillingTables.records(records);
                case INSTANCES -> BillingTables.instanceTimes(records);
            };
        }
    }

    OutputOption output() {
        return output;
    }

    /** Page by page, each printed as it comes; a table is as wide as its page needs. */
    void print(Console console, Api api, Kind kind) {
        String cursor = "";
        int left = limit;
        Csv lines = new Csv();
        do {
            JsonNode page = api.get(kind.path + "?" + query(Math.min(left, PAGE_MAX), cursor));
            if (csv) {
                lines.lines(page.path("records")).forEach(console::line);
            } else {
                print(console, page, kind);
            }
            left -= page.path("records").size();
            cursor = page.path("nextCursor").asText("");
        } while (left > 0 && !cursor.isEmpty() && !cursor.equals("null"));
    }

    private void print(Console console, JsonNode page, Kind kind) {
        switch (output.format()) {
            case json, yaml -> output.tree(console, page);
            case name ->
                page.path("records")
                        .forEach(record -> console.line(record.path(kind.id).asText()));
            case table -> output.table(console, kind.table(page.path("records")));
        }
    }

    private String query(int size, String cursor) {
        List<String> query = new ArrayList<>();
        add(query, "namespace", namespace);
        add(query, "service", service);
        add(query, "from", from);
        add(query, "to", to);
        add(query, "meter", meter);
        add(query, "priceVersion", prices);
        add(query, "invoice", invoice == null ? null : invoice.toString());
        add(query, "limit", Integer.toString(size));
        add(query, "cursor", cursor.isEmpty() ? null : cursor);
        return String.join("&", query);
    }

    private static void add(List<String> query, String key, @Nullable String value) {
        if (value != null) {
            query.add(key + "=" + ServicePath.escape(value));
        }
    }
}
