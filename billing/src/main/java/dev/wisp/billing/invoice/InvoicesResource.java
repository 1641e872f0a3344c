package dev.wisp.billing.invoice;

import dev.wisp.billing.usage.LedgerJobs;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** {@code /v1/billing/invoices}: drafts, those that were issued, and what became of them. */
@Path("/v1/billing/invoices")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class InvoicesResource {

    private static final int TEXT_CHARACTERS_MAX = 500;

    private final LedgerJobs jobs;
    private final Invoices invoices;
    private final InstantSource clock = InstantSource.system();

    /** What an invoice is asked for. */
    public record Month(@Nullable String month) {}

    /** What became of an invoice. */
    public record Settlement(
            @Nullable String state, @Nullable String note) {}

    /** A credit note. */
    public record Note(@Nullable String amount, @Nullable String reason) {}

    InvoicesResource(LedgerJobs jobs, InvoiceConfig config) {
        this.jobs = jobs;
        this.invoices = new Invoices(config);
    }

    @GET
    public Uni<List<StoredInvoice>> list() {
        return jobs.write(connection -> InvoiceRows.documents(connection, null));
    }

    @GET
    @Path("draft")
    public Uni<InvoiceDocument> draft(@RestQuery @Nullable String month) {
        LocalDate first = month(month);
        return jobs.write(connection -> invoices.draft(connection, first));
    }

    @POST
    public Uni<InvoiceDocument> issue(Month month) {
        LocalDate first = month(month.month());
        return jobs.write(connection -> invoices.issue(connection, first, clock.instant()));
    }

    @GET
    @Path("{number}")
    public Uni<StoredInvoice> one(@RestPath long number) {
        return jobs.write(connection -> Invoices.one(connection, number));
    }

    @GET
    @Path("{number}/csv")
    @Produces("text/csv")
    public Uni<String> csv(@RestPath long number) {
        return jobs.write(connection -> Invoices.one(connection, number)).map(one -> InvoiceCsv.of(one.document()));
    }

    @GET
    @Path("{number}/pdf")
    @Produces("application/pdf")
    public Uni<byte[]> pdf(@RestPath long number) {
        return jobs.write(connection -> Invoices.one(connection, number)).map(one -> InvoicePdf.of(one.document()));
    }

    @POST
    @Path("{number}/settlement")
    public Uni<StoredInvoice> settle(@RestPath long number, Settlement settlement) {
        String state = String.valueOf(settlement.state()).toUpperCase(Locale.ROOT);
        if (!state.equals(StoredInvoice.PAID) && !state.equals(StoredInvoice.VOID)) {
            throw ProblemException.invalid("/state", "must be paid or void");
        }
        String note = settlement.note() == null ? "" : text("/note", settlement.note());
        return jobs.write(connection -> {
            invoices.settle(connection, number, state, note, clock.instant());
            return Invoices.one(connection, number);
        });
    }

    @POST
    @Path("{number}/credit-notes")
    public Uni<InvoiceDocument> creditNote(@RestPath long number, Note note) {
        BigDecimal amount = amount(note.amount());
        String reason = text("/reason", note.reason());
        return jobs.write(connection -> invoices.creditNote(connection, number, amount, reason, clock.instant()));
    }

    static BigDecimal amount(@Nullable String text) {
        if (text == null || !text.matches("\\d{1,12}(\\.\\d{1,3})?")) {
            throw ProblemException.invalid("/amount", "must be a decimal such as 12.50");
        }
        return new BigDecimal(text);
    }

    static String text(String pointer, @Nullable String text) {
        if (text == null || text.isBlank() || text.length() > TEXT_CHARACTERS_MAX || text.indexOf('\0') >= 0) {
            throw ProblemException.invalid(pointer, "must be 1..%d characters".formatted(TEXT_CHARACTERS_MAX));
        }
        return text;
    }

    private LocalDate month(@Nullable String text) {
        return BillingMonth.asked(text, clock.instant());
    }
}
