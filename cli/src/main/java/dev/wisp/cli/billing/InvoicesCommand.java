package dev.wisp.cli.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wisp.cli.console.Console;
import dev.wisp.cli.console.Json;
import dev.wisp.cli.console.Table;
import dev.wisp.cli.failure.ExitCode;
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

/** {@code wisp billing invoices}. */
@Command(name = "invoices", description = "Drafts, invoices and credit notes.")
public final class InvoicesCommand implements Runnable {

    private static final String PATH = "/v1/billing/invoices";
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    public InvoicesCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what: invoices " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(
            name = "list",
            description = "Those that were issued, in the order of their numbers.",
            footer = {"", "Examples:", "  wisp billing invoices list"})
    int list(@Mixin OutputOption output, @Mixin ApiOption api) {
        JsonNode invoices = api.api().get(PATH);
        if (!output.isTable()) {
            output.tree(console, invoices);
            return ExitCode.OK;
        }
        Table table = new Table(">NUMBER", "KIND", "MONTH", ">TOTAL", "CURRENCY", "ISSUED", "STATE");
        for (JsonNode invoice : invoices) {
            JsonNode document = invoice.path("document");
            table.row(
                    document.path("number").asText(),
                    document.path("kind").asText(),
                    document.path("month").asText(),
                    document.path("total").asText(),
                    document.path("currency").asText(),
                    document.path("issuedAt").asText(),
                    invoice.path("state").asText());
        }
        output.table(console, table);
        return ExitCode.OK;
    }

    @Command(
            name = "draft",
            description = "The invoice of a month as it stands now.",
            footer = {"", "Examples:", "  wisp billing invoices draft", "  wisp billing invoices draft 2026-10"})
    int draft(
            @Parameters(arity = "0..1", paramLabel = "MONTH", description = "Such as 2026-11 (default: this month).")
                    @Nullable
                    String month,
            @Mixin OutputOption output,
            @Mixin ApiOption api) {
        String query = month == null ? "" : "?month=" + ServicePath.escape(month);
        print(api.api().get(PATH + "/draft" + query), output);
        return ExitCode.OK;
    }

    @Command(
            name = "issue",
            description = "Issue the invoice of a month that is over: it gets a number and is never changed.",
            footer = {"", "Examples:", "  wisp billing invoices issue 2026-10"})
    int issue(
            @Parameters(paramLabel = "MONTH", description = "Such as 2026-10.") String month,
            @Mixin OutputOption output,
            @Mixin ApiOption api) {
        print(api.api().send("POST", PATH, Json.object().put("month", month)), output);
        return ExitCode.OK;
    }

    @Command(
            name = "show",
            description = "One invoice with its lines; --csv for a spreadsheet, --pdf for paper.",
            footer = {
                "",
                "Examples:",
                "  wisp billing invoices show 1",
                "  wisp billing invoices show 1 --csv > invoice-1.csv",
                "  wisp billing invoices show 1 --pdf > invoice-1.pdf"
            })
    int show(
            @Parameters(paramLabel = "NUMBER", description = "Its number.") long number,
            @Option(names = "--csv", description = "Lines as CSV.") boolean csv,
            @Option(names = "--pdf", description = "A page to print, to standard output.") boolean pdf,
            @Mixin OutputOption output,
            @Mixin ApiOption api)
            throws IOException {
        if (csv || pdf) {
            try (Response response =
                    api.api().stream("%s/%d/%s".formatted(PATH, number, pdf ? "pdf" : "csv"), TIMEOUT)) {
                response.body().transferTo(console.data());
            }
            return ExitCode.OK;
        }
        JsonNode invoice = api.api().get(PATH + "/" + number);
        print(invoice.path("document"), output);
        console.note("state " + invoice.path("state").asText());
        return ExitCode.OK;
    }

    @Command(
            name = "settle",
            description = "Say that an invoice was paid, or that it is void; once.",
            footer = {"", "Examples:", "  wisp billing invoices settle 1 paid --note 'transfer of 12 December'"})
    int settle(
            @Parameters(paramLabel = "NUMBER", description = "Its number.") long number,
            @Parameters(paramLabel = "STATE", description = "paid or void.") String state,
            @Option(names = "--note", paramLabel = "TEXT", description = "Kept with it.") @Nullable String note,
            @Mixin ApiOption api) {
        ObjectNode body = Json.object().put("state", state);
        if (note != null) {
            body.put("note", note);
        }
        JsonNode invoice = api.api().send("POST", "%s/%d/settlement".formatted(PATH, number), body);
        console.note("invoice %d is %s".formatted(number, invoice.path("state").asText()));
        return ExitCode.OK;
    }

    @Command(
            name = "credit-note",
            description = "Issue a credit note over a part of an invoice, in the same series of numbers.",
            footer = {
                "",
                "Examples:",
                "  wisp billing invoices credit-note 1 --amount 5.00 --reason 'outage of 3 October'"
            })
    int creditNote(
            @Parameters(paramLabel = "NUMBER", description = "The invoice's.") long number,
            @Option(names = "--amount", required = true, paramLabel = "AMOUNT", description = "Such as 5.00.")
                    String amount,
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "What it is for.")
                    String reason,
            @Mixin OutputOption output,
            @Mixin ApiOption api) {
        ObjectNode body = Json.object().put("amount", amount).put("reason", reason);
        print(api.api().send("POST", "%s/%d/credit-notes".formatted(PATH, number), body), output);
        return ExitCode.OK;
    }

    private void print(JsonNode document, OutputOption output) {
        if (!output.isTable()) {
            output.tree(console, document);
            return;
        }
        output.table(console, BillingTables.lines(document));
    }
}
