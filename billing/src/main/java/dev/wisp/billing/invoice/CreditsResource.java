package dev.wisp.billing.invoice;

import dev.wisp.billing.rating.RoundingPolicy;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Currency;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** {@code /v1/billing/credits}: those that were granted, what is left of them, and a new one; invoices take from them first. */
@Path("/v1/billing/credits")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class CreditsResource {

    private final LedgerJobs jobs;
    private final Invoices invoices;
    private final InstantSource clock = InstantSource.system();

    /** A credit that is granted. */
    public record Grant(
            @Nullable String amount,
            @Nullable String currency,
            @Nullable String reason) {}

    /**
     * What is left.
     *
     * @param left of all credits together, exact, in units of the currency
     * @param grants newest first, at most {@value CreditGrants#GRANTS_MAX}
     */
    public record Left(String currency, String left, List<CreditGrants.Grant> grants) {}

    CreditsResource(LedgerJobs jobs, InvoiceConfig config) {
        this.jobs = jobs;
        this.invoices = new Invoices(config);
    }

    @GET
    public Uni<Left> left(@RestQuery @Nullable String currency) {
        String code = currency(currency);
        return jobs.write(connection -> left(connection, code));
    }

    @POST
    public Uni<Left> grant(Grant grant) {
        BigDecimal amount = InvoicesResource.amount(grant.amount());
        if (amount.signum() == 0) {
            throw ProblemException.invalid("/amount", "must be above 0");
        }
        String code = currency(grant.currency());
        if (amount.stripTrailingZeros().scale() > RoundingPolicy.minorDigits(code)) {
            throw ProblemException.invalid(
                    "/amount", "must have at most %d decimals".formatted(RoundingPolicy.minorDigits(code)));
        }
        String reason = InvoicesResource.text("/reason", grant.reason());
        return jobs.write(connection -> {
            invoices.grant(connection, amount, code, reason, clock.instant());
            return left(connection, code);
        });
    }

    private static Left left(Connection connection, String currency) throws SQLException {
        return new Left(
                currency,
                InvoiceRows.creditLeft(connection, Invoices.ACCOUNT, currency).toPlainString(),
                CreditGrants.of(connection, Invoices.ACCOUNT, currency));
    }

    private static String currency(@Nullable String code) {
        try {
            return Currency.getInstance(code == null ? "USD" : code).getCurrencyCode();
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("/currency", "must be a code of ISO 4217");
        }
    }
}
