package dev.wisp.billing.export;

import dev.wisp.billing.invoice.BillingMonth;
import dev.wisp.billing.invoice.InvoiceConfig;
import dev.wisp.billing.invoice.InvoiceDocument;
import dev.wisp.billing.invoice.Invoices;
import dev.wisp.billing.invoice.StoredInvoice;
import dev.wisp.billing.ledger.AccountMonth;
import dev.wisp.billing.ledger.DayRoots;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.usage.LedgerJobs;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/billing/exports/focus/1.4/{dataset}.csv} and {@code .parquet}: a month's invoice, or its draft, in FOCUS' columns. */
@Path("/v1/billing/exports/focus/1.4")
public class FocusResource {

    private final LedgerJobs jobs;
    private final Invoices invoices;
    private final InstantSource clock = InstantSource.system();

    FocusResource(LedgerJobs jobs, InvoiceConfig config) {
        this.jobs = jobs;
        this.invoices = new Invoices(config);
    }

    @GET
    @Path("{dataset}.csv")
    @Produces("text/csv")
    public Uni<String> csv(@RestPath String dataset, @RestQuery @Nullable String month) {
        return export(dataset, month, FocusCsv::of);
    }

    @GET
    @Path("{dataset}.parquet")
    @Produces("application/vnd.apache.parquet")
    public Uni<byte[]> parquet(@RestPath String dataset, @RestQuery @Nullable String month) {
        return export(dataset, month, FocusParquet::of);
    }

    private <T> Uni<T> export(
            String dataset, @Nullable String month, BiFunction<List<String>, List<Map<String, Object>>, T> format) {
        LocalDate first = BillingMonth.asked(month, clock.instant());
        return jobs.snapshot(connection -> export(connection, dataset, first, format));
    }

    private <T> T export(
            Connection connection,
            String dataset,
            LocalDate month,
            BiFunction<List<String>, List<Map<String, Object>>, T> format)
            throws SQLException {
        // Parquet's times end with microseconds, and both forms say the same.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        FocusPeriod period = period(connection, invoices, month, now);
        return switch (dataset) {
            case "cost-and-usage" ->
                format.apply(FocusColumns.COST_AND_USAGE, period.costAndUsage(usage(connection, period.bill())));
            case "invoice-detail" -> format.apply(FocusColumns.INVOICE_DETAIL, period.invoiceDetail());
            case "billing-period" -> format.apply(FocusColumns.BILLING_PERIOD, period.billingPeriod());
            default ->
                throw new ProblemException(
                        Problem.of(ErrorCode.NOT_FOUND, "dataset: cost-and-usage, invoice-detail or billing-period"));
        };
    }

    /** Refused when there is nothing in it. */
    static FocusPeriod period(Connection connection, Invoices invoices, LocalDate month, Instant now)
            throws SQLException {
        List<StoredInvoice> documents = Invoices.documents(connection);
        Map<LocalDate, Long> numbers = documents.stream()
                .map(StoredInvoice::document)
                .filter(document -> !document.isCreditNote())
                .collect(Collectors.toMap(
                        InvoiceDocument::month, document -> Objects.requireNonNull(document.number())));
        StoredInvoice bill = invoices.bill(connection, month, documents);
        Instant issuedAt = bill == null ? null : bill.document().issuedAt();
        FocusPeriod period = new FocusPeriod(
                month,
                bill,
                documents,
                new FocusDatasets.Context(
                        Ledger.priceBooks(connection),
                        PriceStore.periodTerms(connection),
                        numbers,
                        TakenBack.in(connection, Invoices.ACCOUNT, month),
                        DayRoots.lastBefore(connection, issuedAt == null ? now : issuedAt),
                        now));
        if (period.isEmpty()) {
            throw Invoices.nothingUsed(month);
        }
        return period;
    }

    /** What the bill counts: with what came later, neither it nor its rows change. */
    static List<HourUsage> usage(Connection connection, @Nullable StoredInvoice bill) throws SQLException {
        if (bill == null) {
            return List.of();
        }
        InvoiceDocument document = bill.document();
        return HourUsage.of(connection, new AccountMonth(document.account(), document.month(), document.cut()));
    }
}
