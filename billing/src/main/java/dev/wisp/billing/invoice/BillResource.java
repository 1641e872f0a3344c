package dev.wisp.billing.invoice;

import dev.wisp.billing.ledger.ChainCut;
import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.rating.PeriodUsage;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.RoundingPolicy;
import dev.wisp.billing.usage.LedgerJobs;
import dev.wisp.billing.usage.ProjectionPolicy;
import dev.wisp.billing.usage.Usage;
import dev.wisp.billing.usage.UsageWindow;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code /v1/billing/current} and {@code /v1/billing/projected}: this month's bill as its invoice would say it. Both are drafts of the invoice,
 * made where all drafts are made, from the sums of days: no record is read.
 */
@Path("/v1/billing")
@Produces(MediaType.APPLICATION_JSON)
public class BillResource {

    private final LedgerJobs jobs;
    private final Usage usage;
    private final Invoices invoices;
    private final InstantSource clock = InstantSource.system();

    BillResource(LedgerJobs jobs, Usage usage, InvoiceConfig config) {
        this.jobs = jobs;
        this.usage = usage;
        this.invoices = new Invoices(config);
    }

    @GET
    @Path("current")
    public Uni<CurrentBill> current() {
        Instant from = UsageWindow.MONTH.floor(clock.instant());
        Instant to = UsageWindow.MONTH.plus(from, 1);
        return usage.currency()
                .chain(currency -> usage.byService(UsageWindow.MONTH, from, to)
                        .chain(services -> jobs.write(connection -> CurrentBill.of(
                                from,
                                to,
                                currency,
                                new CurrentBill.Used(services, WaitingCosts.picos(connection, from, to)),
                                invoices.draftOrNull(connection, LocalDate.ofInstant(from, ZoneOffset.UTC))))));
    }

    @GET
    @Path("projected")
    public Uni<ProjectedBill> projected() {
        Instant now = clock.instant();
        return jobs.write(connection -> projected(connection, invoices, now));
    }

    static ProjectedBill projected(Connection connection, Invoices invoices, Instant now) throws SQLException {
        Instant from = UsageWindow.MONTH.floor(now);
        Instant to = UsageWindow.MONTH.plus(from, 1);
        LocalDate month = LocalDate.ofInstant(from, ZoneOffset.UTC);
        LocalDate weeksAgo = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(ProjectionPolicy.DAYS_BACK);
        Map<Integer, PriceTerms> terms = PriceStore.periodTerms(connection);
        PriceTerms inForce = Objects.requireNonNull(
                terms.get(Ledger.priceBooks(connection).at(now).version()));
        List<PeriodUsage> usage = MonthUsage.of(connection, Invoices.ACCOUNT, month, terms);
        BillProjection projection = new BillProjection(
                usage,
                inForce,
                MonthUsage.days(
                        connection, Invoices.ACCOUNT, weeksAgo.isBefore(month) ? weeksAgo : month, month.plusMonths(1)),
                from,
                to,
                now);
        Invoices.Basis basis = new Invoices.Basis(month, terms, ChainCut.NONE, Invoices.documents(connection));
        Drafts drafts = new Drafts(connection, invoices, basis, inForce.currency());
        return new ProjectedBill(
                from,
                to,
                now,
                inForce.currency(),
                drafts.total(usage),
                drafts.total(projection.runRate()),
                drafts.total(projection.sameWeekday()),
                ProjectedBill.RULE);
    }

    /** Invoices of one month for whatever may be used in it. */
    private record Drafts(Connection connection, Invoices invoices, Invoices.Basis basis, String currency) {

        String total(List<PeriodUsage> usage) throws SQLException {
            return usage.isEmpty()
                    ? BigDecimal.ZERO
                            .setScale(RoundingPolicy.minorDigits(currency))
                            .toPlainString()
                    : invoices.of(connection, basis, usage).total();
        }
    }
}
