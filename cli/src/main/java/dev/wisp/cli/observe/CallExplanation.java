package dev.wisp.cli.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wisp.cli.api.Api;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.console.Table;
import dev.wisp.cli.console.Units;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.OutputOption;
import dev.wisp.cli.service.ServicePath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one call: the record says what it waited for, the gateway how often it was tried.
 *
 * @param record null when the ledger has none
 * @param tried null when the gateway has nothing to tell: nearly all calls go through at once
 */
record CallExplanation(
        String id, @Nullable JsonNode record, @Nullable JsonNode tried) {

    static CallExplanation ask(Api api, String id) {
        String escaped = ServicePath.escape(id);
        JsonNode record = api.find("/v1/billing/records/" + escaped).orElse(null);
        JsonNode tried = api.find("/v1/attempts?call=" + escaped)
                .map(found -> found.path("items").get(0))
                .orElse(null);
        if (record == null && tried == null) {
            throw CliException.of(ExitCode.FAILED, "nothing is known of call " + id)
                    .because("the ledger has no record of it, and this gateway did not try it more than once")
                    .hint("a record reaches the ledger within seconds: wisp billing records");
        }
        return new CallExplanation(id, record, tried);
    }

    void print(Console console, OutputOption output) {
        switch (output.format()) {
            case json, yaml -> output.tree(console, tree());
            case name -> console.line(id);
            case table -> printSentences(console, output);
        }
    }

    private ObjectNode tree() {
        ObjectNode tree = Json.object();
        tree.set("record", record);
        tree.set("attempts", tried);
        return tree;
    }

    private void printSentences(Console console, OutputOption output) {
        if (record != null) {
            console.line("%s %s/%s: %d, %s"
                    .formatted(
                            id,
                            record.path("namespace").asText(),
                            record.path("revision").asText(),
                            record.path("status").asInt(),
                            record.path("outcome").asText()));
            console.line("%s in the queue, %s for the start of an instance, %s in instance %s on node %s"
                    .formatted(
                            micros(record, "queueMicros"),
                            micros(record, "startMicros"),
                            micros(record, "appMicros"),
                            record.path("instanceId").asText(),
                            record.path("nodeId").asText()));
            printStart(record.path("startParts"), console);
        }
        if (tried == null) {
            console.line("no attempt is known to have failed");
        } else {
            printAttempts(tried, console, output);
        }
    }

    private static void printStart(JsonNode parts, Console console) {
        List<String> said = new ArrayList<>();
        parts.properties()
                .forEach(part -> said.add("%s %s"
                        .formatted(part.getKey(), Units.micros(part.getValue().asLong()))));
        if (!said.isEmpty()) {
            console.line("that start: " + String.join(", ", said));
        }
    }

    private void printAttempts(JsonNode call, Console console, OutputOption output) {
        if (record == null) {
            console.line("%s %s, without a record"
                    .formatted(id, call.path("revision").asText()));
        }
        console.line("tried %d times in %s; it ended with %d: %s"
                .formatted(
                        call.path("attempts").asInt(),
                        micros(call, "tookMicros"),
                        call.path("status").asInt(),
                        call.path("end").asText()));
        String leftAlone = call.path("leftAlone").asText();
        if (!leftAlone.isEmpty()) {
            console.line("it waited while " + leftAlone);
        }
        Table table = new Table("#", "instance", "node", "began after", "took", "ended", "why");
        int number = 0;
        for (JsonNode attempt : call.path("ended")) {
            table.row(
                    ++number,
                    attempt.path("instanceId").asText(),
                    attempt.path("nodeId").asText(),
                    micros(attempt, "beganMicros"),
                    micros(attempt, "tookMicros"),
                    attempt.path("ending").asText(),
                    attempt.path("detail").asText());
        }
        output.table(console, table);
        if (call.path("notKept").asInt() > 0) {
            console.line("and %d more".formatted(call.path("notKept").asInt()));
        }
    }

    private static String micros(JsonNode node, String field) {
        return Units.micros(node.path(field).asLong());
    }
}
