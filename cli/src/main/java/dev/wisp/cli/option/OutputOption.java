package dev.wisp.cli.option;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.console.Table;
import picocli.CommandLine.Option;

/** How a command that reads shows what it read. */
public final class OutputOption {

    /** Table for people, the others for programs. */
    public enum Format {
        table,
        json,
        yaml,
        name
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Format format = Format.table;

    @Option(names = "--no-headers", description = "Leave out the table's header.")
    boolean noHeaders;

    @Option(
            names = {"-q", "--quiet"},
            description = "Names only.")
    boolean quiet;

    public Format format() {
        return quiet ? Format.name : format;
    }

    public boolean isTable() {
        return format() == Format.table;
    }

    public void table(Console console, Table table) {
        table.lines(!noHeaders).forEach(console::line);
    }

    /** JSON or YAML as it came. */
    public void tree(Console console, JsonNode node) {
        console.line(format() == Format.yaml ? Json.yaml(node) : Json.pretty(node));
    }
}
