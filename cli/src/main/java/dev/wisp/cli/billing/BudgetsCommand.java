package dev.wisp.cli.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.console.Table;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.option.ApiOption;
import dev.wisp.cli.option.OutputOption;
import dev.wisp.cli.service.ServicePath;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wisp billing budgets}. */
@Command(
        name = "budgets",
        description = "What may be spent in a month, who is told when it is, and what becomes of calls.")
public final class BudgetsCommand implements Runnable {

    private static final String PATH = "/v1/billing/budgets";

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    public BudgetsCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what: budgets " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(
            name = "list",
            description = "Budgets, what of them is spent, and which thresholds were crossed this month.",
            footer = {"", "Examples:", "  wisp billing budgets list"})
    int list(@Mixin OutputOption output, @Mixin ApiOption api) {
        JsonNode budgets = api.api().get(PATH);
        if (!output.isTable()) {
            output.tree(console, budgets);
            return ExitCode.OK;
        }
        Table table = new Table(
                "NAME",
                "NAMESPACE",
                "LABELS",
                ">AMOUNT",
                ">SPENT",
                ">OF IT WAITING",
                ">USED %",
                ">FORECAST",
                "CURRENCY",
                "ACTION",
                "CALLS",
                "CROSSED");
        for (JsonNode budget : budgets) {
            table.row(
                    budget.path("name").asText(),
                    budget.path("namespace").asText("all"),
                    budget.path("labels").asText("-"),
                    budget.path("amount").asText(),
                    budget.path("spent").asText(),
                    budget.path("spentWaiting").asText(),
                    budget.path("usedPercent").asText(),
                    budget.path("forecast").asText(),
                    budget.path("currency").asText(),
                    budget.path("action").asText().toLowerCase(Locale.ROOT),
                    budget.path("state").asText().toLowerCase(Locale.ROOT),
                    crossed(budget));
        }
        output.table(console, table);
        return ExitCode.OK;
    }

    @Command(
            name = "set",
            description = {
                "Make a budget, or change it.",
                "It counts what calls and waiting instances cost at the list's prices, before free parts, steps, fee and tax.",
                "Each threshold is told of once a month, to the webhook of the platform's configuration.",
                "Once the amount is spent, throttle lets one call a second through each gateway and block refuses all;"
                        + " cap admits no call that might go over it."
            },
            footer = {
                "",
                "Examples:",
                "  wisp billing budgets set team --amount 50",
                "  wisp billing budgets set shop --amount 20 --namespace shop --alert 50,80,100 --forecast 100",
                "  wisp billing budgets set trial --amount 5 --namespace trial --action cap",
                "  wisp billing budgets set web --amount 100 --labels team=web,env=prod"
            })
    int set(
            @Parameters(paramLabel = "NAME", description = "Its name.") String name,
            @Option(
                            names = "--amount",
                            required = true,
                            paramLabel = "AMOUNT",
                            description = "A month of UTC, in the currency of the prices, such as 50.00.")
                    String amount,
            @Option(names = "--namespace", paramLabel = "NS", description = "Only its calls (default: all).") @Nullable
                    String namespace,
            @Option(
                            names = "--labels",
                            paramLabel = "NAME=VALUE",
                            description = "Only calls of revisions that have all of these, several by comma.")
                    @Nullable
                    String labels,
            @Option(
                            names = "--alert",
                            split = ",",
                            paramLabel = "PERCENT",
                            defaultValue = "50,80,100",
                            description = "Of the amount, when spent (default: ${DEFAULT-VALUE}).")
                    List<Integer> actual,
            @Option(
                            names = "--forecast",
                            split = ",",
                            paramLabel = "PERCENT",
                            defaultValue = "100",
                            description =
                                    "Of the amount, when the month is going to pass it (default: ${DEFAULT-VALUE}).")
                    List<Integer> forecast,
            @Option(
                            names = "--action",
                            paramLabel = "ACTION",
                            defaultValue = "notify",
                            description = "notify, throttle, block or cap (default: ${DEFAULT-VALUE}).")
                    String action,
            @Mixin ApiOption api) {
        ObjectNode budget = Json.object()
                .put("amount", amount)
                .put("namespace", namespace)
                .put("action", action)
                .put("labels", labels);
        actual.forEach(budget.putArray("actual")::add);
        forecast.forEach(budget.putArray("forecastAt")::add);
        JsonNode made = api.api().send("PUT", PATH + "/" + ServicePath.escape(name), budget);
        console.note("budget %s: %s of %s %s spent"
                        .formatted(
                                name,
                                made.path("spent").asText(),
                                made.path("amount").asText(),
                                made.path("currency").asText())
                + (made.has("enforcedFrom")
                        ? "; no call is admitted over it from "
                                + made.path("enforcedFrom").asText()
                        : ""));
        return ExitCode.OK;
    }

    @Command(
            name = "delete",
            description = "Take a budget away, with its notices.",
            footer = {"", "Examples:", "  wisp billing budgets delete team"})
    int delete(@Parameters(paramLabel = "NAME", description = "Its name.") String name, @Mixin ApiOption api) {
        api.api().send("DELETE", PATH + "/" + ServicePath.escape(name), null);
        console.note("deleted budget " + name);
        return ExitCode.OK;
    }

    private static String crossed(JsonNode budget) {
        StringBuilder text = new StringBuilder();
        for (JsonNode notice : budget.path("notices")) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(notice.path("kind").asText().equals("FORECAST") ? "forecast " : "")
                    .append(notice.path("percent").asText())
                    .append(" %");
        }
        return text.isEmpty() ? "-" : text.toString();
    }
}
