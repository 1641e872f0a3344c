package dev.wisp.cli.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.api.Api;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Csv;
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

    @Option(names = "--from", paramLabel = "TIME", description = "Received at or after, such as 2026-11-01T00:00:00Z.")
    @Nullable
    String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Received before.")
    @Nullable
    String to;

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

    OutputOption output() {
        return output;
    }

    /** Page by page, each printed as it comes; a table is as wide as its page needs. */
    void print(Console console, Api api) {
        String cursor = "";
        int left = limit;
        Csv lines = new Csv();
        do {
            JsonNode page = api.get("/v1/billing/records?" + query(Math.min(left, PAGE_MAX), cursor));
            if (csv) {
                lines.lines(page.path("records")).forEach(console::line);
            } else {
                print(console, page);
            }
            left -= page.path("records").size();
            cursor = page.path("nextCursor").asText("");
        } while (left > 0 && !cursor.isEmpty() && !cursor.equals("null"));
    }

    private void print(Console console, JsonNode page) {
        switch (output.format()) {
            case json, yaml -> output.tree(console, page);
            case name ->
                page.path("records")
                        .forEach(record ->
                                console.line(record.path("invocationId").asText()));
            case table -> output.table(console, BillingTables.records(page.path("records")));
        }
    }

    private String query(int size, String cursor) {
        List<String> query = new ArrayList<>();
        add(query, "namespace", namespace);
        add(query, "service", service);
        add(query, "from", from);
        add(query, "to", to);
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
