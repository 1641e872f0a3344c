package dev.wisp.cli.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.console.Table;
import dev.wisp.cli.failure.CliException;
import dev.wisp.cli.failure.ExitCode;
import dev.wisp.cli.http.Request;
import dev.wisp.cli.http.Response;
import dev.wisp.cli.option.ApiOption;
import dev.wisp.cli.option.OutputOption;
import dev.wisp.cli.service.ServicePath;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wisp billing}. */
@Command(name = "billing", description = "Bills, records, prices and estimates, and the check of the ledger.")
public final class BillingCommand implements Runnable {

    /** A verification reads every record. */
    private static final Duration VERIFY_TIMEOUT = Duration.ofMinutes(30);

    private static final Duration EXPORT_TIMEOUT = Duration.ofMinutes(5);

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    public BillingCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what: billing " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(
            name = "current",
            description = {
                "What this month comes to so far, line by line as its invoice would say it, and what services cost: calls and waiting.",
                "The total has fee, time without calls, free parts, steps, discounts, credit and tax in it; what services cost has not."
            },
            footer = {"", "Examples:", "  wisp billing current", "  wisp billing current -o json"})
    int current(@Mixin OutputOption output, @Mixin ApiOption api) {
        JsonNode bill = api.api().get("/v1/billing/current");
        switch (output.format()) {
            case json, yaml -> output.tree(console, bill);
            case name -> bill.path("services").forEach(service -> console.line(name(service)));
            case table -> {
                output.table(console, BillingTables.lines(bill));
                output.table(console, BillingTables.services(bill));
            }
        }
        return ExitCode.OK;
    }

    @Command(
            name = "projected",
            description = {
                "What the invoice of this month is going to say: at the pace so far, and as the same weekdays of four weeks.",
                "Quantities are projected meter by meter and then billed, with all that only a month has."
            },
            footer = {"", "Examples:", "  wisp billing projected"})
    int projected(@Mixin OutputOption output, @Mixin ApiOption api) {
        JsonNode bill = api.api().get("/v1/billing/projected");
        if (!output.isTable()) {
            output.tree(console, bill);
            return ExitCode.OK;
        }
        Table table = new Table("MONTH", ">SO FAR", ">AT THIS PACE", ">AS WEEKDAYS WERE", "CURRENCY");
        table.row(
                bill.path("from").asText(),
                bill.path("soFar").asText(),
                bill.path("runRate").asText(),
                bill.path("sameWeekday").asText(),
                bill.path("currency").asText());
        output.table(console, table);
        return ExitCode.OK;
    }

    @Command(
            name = "estimate",
            description = {
                "What a month of calls would cost, here and at the published prices of others.",
                "Others' prices are in USD, for their first region, without networks, logs and builds."
            },
            footer = {
                "",
                "Examples:",
                "  wisp billing estimate --requests 10M --duration 120ms --memory 256Mi --cpu 0.5",
                "  wisp billing estimate --requests 1000000 --duration 2s --cpu-time 40ms --egress 20Ki"
            })
    int estimate(@Mixin EstimateOptions options, @Mixin OutputOption output, @Mixin ApiOption api) {
        JsonNode estimate = api.api().send("POST", "/v1/billing/estimates", options.body());
        if (!output.isTable()) {
            output.tree(console, estimate);
            return ExitCode.OK;
        }
        output.table(console, BillingTables.estimate(estimate));
        return ExitCode.OK;
    }

    @Command(
            name = "records",
            description = "Records of calls, newest first, or one with every figure that was measured.",
            footer = {
                "",
                "Examples:",
                "  wisp billing records --service hello --limit 20",
                "  wisp billing records --from 2026-11-01T00:00:00Z --limit 100000 --csv > records.csv",
                "  wisp billing records --meter egress --prices 2   those that a line of an invoice is the sum of",
                "  wisp billing records 019a0c1e-7d3b-7abc-8def-001122334455"
            })
    int records(
            @Parameters(arity = "0..1", paramLabel = "ID", description = "One record: X-Invocation-Id of its answer.")
                    @Nullable
                    String id,
            @Mixin RecordOptions options,
            @Mixin ApiOption api) {
        if (id != null) {
            options.output().tree(console, api.api().get("/v1/billing/records/" + ServicePath.escape(id)));
            return ExitCode.OK;
        }
        options.print(console, api.api(), RecordOptions.Kind.CALLS);
        return ExitCode.OK;
    }

    @Command(
            name = "instance-times",
            description = "Records of what instances did beside calls, newest first: idle, frozen, held by min-scale.",
            footer = {
                "",
                "Examples:",
                "  wisp billing instance-times --service hello --limit 20",
                "  wisp billing instance-times --meter idle_memory_time --limit 100000 --csv > idle.csv"
            })
    int instanceTimes(@Mixin RecordOptions options, @Mixin ApiOption api) {
        options.print(console, api.api(), RecordOptions.Kind.INSTANCES);
        return ExitCode.OK;
    }

    @Command(
            name = "prices",
            description = {
                "Versions of the prices, newest first; with -f, add one.",
                "A version begins at a moment at least a minute ahead, and is never changed."
            },
            footer = {"", "Examples:", "  wisp billing prices", "  wisp billing prices -f prices.yaml"})
    int prices(
            @Option(
                            names = {"-f", "--file"},
                            paramLabel = "FILE",
                            description = "Add the version that this file describes, in YAML or JSON.")
                    @Nullable
                    String file,
            @Mixin OutputOption output,
            @Mixin ApiOption api) {
        if (file != null) {
            JsonNode added = api.api().send("POST", "/v1/billing/prices", Drafts.read(file));
            console.note("prices version %s begin at %s"
                    .formatted(
                            added.path("version").asText(),
                            added.path("effectiveFrom").asText()));
            return ExitCode.OK;
        }
        JsonNode prices = api.api().get("/v1/billing/prices");
        if (!output.isTable()) {
            output.tree(console, prices);
            return ExitCode.OK;
        }
        output.table(console, BillingTables.prices(prices));
        return ExitCode.OK;
    }

    @Command(
            name = "correct",
            description = "Take back the charge of a call: its record stays, and a row with its negative is added now.",
            footer = {
                "",
                "Examples:",
                "  wisp billing correct 019a0c1e-7d3b-7abc-8def-001122334455 --reason 'called by mistake'"
            })
    int correct(
            @Parameters(paramLabel = "ID", description = "X-Invocation-Id of the call's answer.") String id,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Kept with the correction.")
                    String reason,
            @Mixin ApiOption api) {
        JsonNode filed = api.api()
                .send(
                        "POST",
                        "/v1/billing/corrections",
                        Json.object().put("invocationId", id).put("reason", reason));
        console.note("correction %s: %s"
                .formatted(filed.path("number").asText(), filed.path("cost").asText()));
        return ExitCode.OK;
    }

    @Command(
            name = "credits",
            description = {
                "What is left of credits, which invoices take from first, and each that was granted; with --grant, add one.",
                "What invoices took is told as taken from the oldest. Credits do not expire."
            },
            footer = {
                "",
                "Examples:",
                "  wisp billing credits",
                "  wisp billing credits --grant 25.00 --reason 'welcome'"
            })
    int credits(
            @Option(names = "--grant", paramLabel = "AMOUNT", description = "Grant a credit, such as 25.00.") @Nullable
                    String amount,
            @Option(names = "--reason", paramLabel = "TEXT", description = "What it is for; needed with --grant.")
                    @Nullable
                    String reason,
            @Option(
                            names = "--currency",
                            paramLabel = "CODE",
                            defaultValue = "USD",
                            description = "Currency (default: ${DEFAULT-VALUE}).")
                    String currency,
            @Mixin OutputOption output,
            @Mixin ApiOption api) {
        JsonNode left = amount == null
                ? api.api().get("/v1/billing/credits?currency=" + ServicePath.escape(currency))
                : api.api()
                        .send(
                                "POST",
                                "/v1/billing/credits",
                                Json.object()
                                        .put("amount", amount)
                                        .put("currency", currency)
                                        .put("reason", reason));
        if (!output.isTable()) {
            output.tree(console, left);
            return ExitCode.OK;
        }
        console.line("%s %s"
                .formatted(left.path("left").asText(), left.path("currency").asText()));
        if (!left.path("grants").isEmpty()) {
            output.table(console, BillingTables.grants(left.path("grants")));
        }
        return ExitCode.OK;
    }

    @Command(
            name = "export",
            description = {
                "A month's bill in the form of FOCUS 1.4, as CSV or Parquet to standard output.",
                "With --dataset ledger, what the owner of a namespace needs to check it all without this platform: see docs/verifier.md."
            },
            footer = {
                "",
                "Examples:",
                "  wisp billing export > cost-and-usage.csv",
                "  wisp billing export --dataset invoice-detail --month 2026-10 > invoice-detail.csv",
                "  wisp billing export --format parquet > cost-and-usage.parquet",
                "  wisp billing export --dataset ledger --namespace shop > shop.txt"
            })
    int export(
            @Option(
                            names = "--dataset",
                            paramLabel = "NAME",
                            defaultValue = "cost-and-usage",
                            description =
                                    "cost-and-usage, invoice-detail, billing-period or ledger (default: ${DEFAULT-VALUE}).")
                    String dataset,
            @Option(
                            names = "--namespace",
                            paramLabel = "NS",
                            defaultValue = "default",
                            description = "Whose ledger (default: ${DEFAULT-VALUE}).")
                    String namespace,
            @Option(names = "--month", paramLabel = "MONTH", description = "Such as 2026-10 (default: this month).")
                    @Nullable
                    String month,
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            defaultValue = "csv",
                            description = "csv or parquet; the ledger has one of its own (default: ${DEFAULT-VALUE}).")
                    ExportFormat format,
            @Mixin ApiOption api)
            throws IOException {
        String query = month == null ? "" : "?month=" + ServicePath.escape(month);
        String path = dataset.equals("ledger")
                ? "/v1/billing/exports/ledger.txt?namespace=" + ServicePath.escape(namespace)
                : "/v1/billing/exports/focus/1.4/%s.%s%s".formatted(ServicePath.escape(dataset), format, query);
        try (Response response = api.api().stream(path, EXPORT_TIMEOUT)) {
            response.body().transferTo(console.data());
        }
        return ExitCode.OK;
    }

    @Command(
            name = "verify",
            description = {
                "Recompute chain, records, charges, sums and invoices, and say the first thing that is wrong.",
                "Exits with 1 when something is. Takes minutes for tens of millions of records."
            },
            footer = {"", "Examples:", "  wisp billing verify"})
    int verify(@Mixin OutputOption output, @Mixin ApiOption api) {
        JsonNode report = api.api().exchange(Request.get("/v1/billing/verification"), VERIFY_TIMEOUT);
        if (output.isTable()) {
            output.table(console, BillingTables.verification(report));
        } else {
            output.tree(console, report);
        }
        if (!report.path("clean").asBoolean()) {
            throw CliException.of(ExitCode.FAILED, "the ledger is not what was recorded")
                    .because(report.path("finding").asText());
        }
        console.note("clean");
        return ExitCode.OK;
    }

    /** Forms of FOCUS' datasets, named as files of theirs end. */
    enum ExportFormat {
        csv,
        parquet
    }

    private static String name(JsonNode service) {
        return service.path("namespace").asText() + "/"
                + service.path("service").asText();
    }
}
