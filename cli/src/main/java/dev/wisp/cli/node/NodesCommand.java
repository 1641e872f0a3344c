package dev.wisp.cli.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.api.Api;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.console.Table;
import dev.wisp.cli.console.Units;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.ApiOption;
import dev.wisp.cli.option.OutputOption;
import dev.wisp.cli.service.ServicePath;
import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wisp nodes}. */
@Command(name = "nodes", aliases = "node", description = "List nodes, and take one out of service for maintenance.")
public final class NodesCommand implements Runnable {

    private static final String PATH = "/v1/nodes";
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    public NodesCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what: nodes list, cordon, uncordon or drain");
    }

    @Command(
            name = "list",
            description = "Nodes with their state, what runs on them and what they have left.",
            footer = {"", "Examples:", "  wisp nodes list", "  wisp nodes list -o json"})
    int list(@Mixin OutputOption output, @Mixin ApiOption api) {
        JsonNode nodes = api.api().get(PATH);
        switch (output.format()) {
            case json, yaml -> output.tree(console, nodes);
            case name ->
                nodes.path("items")
                        .forEach(node -> console.line(node.path("nodeId").asText()));
            case table -> output.table(console, table(nodes.path("items")));
        }
        return ExitCode.OK;
    }

    @Command(
            name = "cordon",
            description = "Give a node nothing new; what runs there stays.",
            footer = {"", "Examples:", "  wisp nodes cordon node-1 --reason 'disk is going'"})
    int cordon(
            @Parameters(paramLabel = "NODE", description = "Its name.") String node,
            @Mixin ReasonOption reason,
            @Mixin ApiOption api) {
        order(api.api(), node, "CORDON", reason, false);
        console.note("node %s is cordoned".formatted(node));
        return ExitCode.OK;
    }

    @Command(
            name = "uncordon",
            description = "Let a node take part again, after cordon or drain.",
            footer = {"", "Examples:", "  wisp nodes uncordon node-1"})
    int uncordon(@Parameters(paramLabel = "NODE", description = "Its name.") String node, @Mixin ApiOption api) {
        api.api().send("DELETE", orderPath(node), null);
        console.note("node %s takes part again".formatted(node));
        return ExitCode.OK;
    }

    @Command(
            name = "drain",
            description = {
                "Empty a node: its share goes to others, its instances finish what they have and end.",
                "Waits until nothing runs there. It stays so until 'uncordon'."
            },
            footer = {"", "Examples:", "  wisp nodes drain node-1", "  wisp nodes drain node-1 --force --timeout 60"})
    int drain(
            @Parameters(paramLabel = "NODE", description = "Its name.") String node,
            @Option(names = "--force", description = "Also when no other node can take over.") boolean force,
            @Option(
                            names = "--timeout",
                            paramLabel = "SECONDS",
                            defaultValue = "600",
                            description = "How long to wait; 0 does not, and the node is drained all the same (default:"
                                    + " ${DEFAULT-VALUE}).")
                    int timeoutSeconds,
            @Mixin ReasonOption reason,
            @Mixin ApiOption api) {
        order(api.api(), node, "DRAIN", reason, force);
        if (timeoutSeconds > 0) {
            awaitEmpty(api.api(), node, Duration.ofSeconds(timeoutSeconds));
            console.note("node %s is drained".formatted(node));
        }
        return ExitCode.OK;
    }

    private void awaitEmpty(Api api, String node, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        int told = -1;
        JsonNode seen = look(api, node);
        while (!seen.path("state").asText().equals("DRAINED")) {
            int left = Math.max(
                    seen.path("instances").asInt(), seen.path("sandboxes").asInt());
            if (left != told) {
                told = left;
                console.note("%d instances left".formatted(left));
            }
            if (System.nanoTime() - end > 0) {
                throw CliException.of(
                                ExitCode.TIMEOUT,
                                "node %s still has %d instances after %d s".formatted(node, left, timeout.toSeconds()))
                        .hint("it goes on draining; wisp nodes list shows how far it is");
            }
            LockSupport.parkNanos(POLL_NANOS);
            seen = look(api, node);
        }
    }

    private static JsonNode look(Api api, String node) {
        return api.get(PATH + "/" + ServicePath.escape(node));
    }

    private static void order(Api api, String node, String wish, ReasonOption reason, boolean force) {
        api.send(
                "PUT",
                orderPath(node) + (force ? "?force=true" : ""),
                Json.object().put("wish", wish).put("reason", reason.reason));
    }

    private static String orderPath(String node) {
        return PATH + "/" + ServicePath.escape(node) + "/order";
    }

    private static Table table(JsonNode nodes) {
        Table table = new Table(
                "NODE",
                "STATE",
                ">INSTANCES",
                ">SANDBOXES",
                ">CPU FREE",
                ">MEMORY FREE",
                "ADDRESS",
                "LABELS",
                "TAINTS",
                "REASON");
        for (JsonNode node : nodes) {
            table.row(
                    node.path("nodeId").asText(),
                    node.path("state").asText(),
                    node.path("instances").asText(),
                    "%s/%s"
                            .formatted(
                                    node.path("sandboxes").asText(),
                                    node.path("sandboxesMax").asText()),
                    Units.cores(node.path("cpuMillicoresFree").asLong()),
                    memory(node),
                    textOr(node, "address", "this process"),
                    labels(node.path("labels")),
                    taints(node.path("taints")),
                    textOr(node, "reason", "-"));
        }
        return table;
    }

    /** What is free, and what frozen instances would give up for others. */
    private static String memory(JsonNode node) {
        long evictable = node.path("memoryBytesEvictable").asLong();
        String free = Units.bytes(node.path("memoryBytesFree").asLong());
        return evictable == 0 ? free : "%s + %s frozen".formatted(free, Units.bytes(evictable));
    }

    /** Without what every node says of itself. */
    private static String labels(JsonNode labels) {
        StringJoiner given = new StringJoiner(",").setEmptyValue("-");
        labels.properties().forEach(label -> {
            if (!label.getKey().startsWith("kubernetes.io/")) {
                given.add(label.getKey() + "=" + label.getValue().asText());
            }
        });
        return given.toString();
    }

    private static String taints(JsonNode taints) {
        StringJoiner all = new StringJoiner(",").setEmptyValue("-");
        taints.forEach(taint -> all.add(taint.asText()));
        return all.toString();
    }

    private static String textOr(JsonNode node, String field, String empty) {
        String text = node.path(field).asText();
        return text.isEmpty() ? empty : text;
    }
}
