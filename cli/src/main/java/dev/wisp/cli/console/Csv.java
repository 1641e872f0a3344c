package dev.wisp.cli.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Objects of JSON as CSV by RFC 4180, but for lines that end with a line feed alone: a column for each field of the first one, an empty cell for
 * what is missing or null, fields of an object inside as {@code name=value} in one cell. A text that a spreadsheet would take for a formula begins
 * with an apostrophe.
 */
public final class Csv {

    private static final String FORMULA = "=+-@\t\r";

    private final List<String> columns = new ArrayList<>();

    /** The objects' lines; before those of the first call that has any, the names of the columns. */
    public List<String> lines(Iterable<JsonNode> objects) {
        List<String> lines = new ArrayList<>();
        for (JsonNode object : objects) {
            if (columns.isEmpty()) {
                object.properties().forEach(field -> columns.add(field.getKey()));
                lines.add(columns.stream().map(Csv::text).collect(Collectors.joining(",")));
            }
            lines.add(columns.stream().map(column -> cell(object.path(column))).collect(Collectors.joining(",")));
        }
        return lines;
    }

    private static String cell(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (value.isObject()) {
            return text(value.properties().stream()
                    .map(field -> field.getKey() + "=" + field.getValue().asText())
                    .collect(Collectors.joining(",")));
        }
        return value.isTextual() ? text(value.asText()) : value.asText();
    }

    /** Amounts come as texts, and stay numbers. */
    private static String text(String value) {
        boolean number = value.matches("-?\\d{1,40}(\\.\\d{1,40})?");
        boolean formula = !number && !value.isEmpty() && FORMULA.indexOf(value.charAt(0)) >= 0;
        String safe = formula ? "'" + value : value;
        boolean plain = safe.chars().noneMatch(one -> one == ',' || one == '"' || one == '\n' || one == '\r');
        return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
