package dev.wisp.billing.estimate;

import dev.wisp.billing.ledger.Ledger;
import dev.wisp.billing.price.PriceStore;
import dev.wisp.billing.rating.CallShape;
import dev.wisp.billing.rating.EstimatePolicy;
import dev.wisp.billing.rating.PeriodRatingPolicy;
import dev.wisp.billing.rating.PeriodUsage;
import dev.wisp.billing.rating.Preset;
import dev.wisp.billing.rating.PriceTerms;
import dev.wisp.billing.rating.TimeRule;
import dev.wisp.billing.usage.LedgerJobs;
import dev.wisp.contracts.price.PriceBook;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** {@code POST /v1/billing/estimates}. */
@Path("/v1/billing/estimates")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class EstimatesResource {

    /** Far past any bill, and small enough that sums of times stay exact. */
    private static final long AMOUNT_MAX = 1_000_000_000_000_000L;

    private final LedgerJobs jobs;
    private final InstantSource clock = InstantSource.system();

    EstimatesResource(LedgerJobs jobs) {
        this.jobs = jobs;
    }

    @POST
    public Uni<Estimate> estimate(EstimateRequest request) {
        CallShape call = call(request);
        return jobs.write(connection -> estimate(connection, call));
    }

    private Estimate estimate(Connection connection, CallShape call) throws SQLException {
        PriceBook book = Ledger.priceBooks(connection).at(clock.instant());
        PriceTerms terms =
                Objects.requireNonNull(PriceStore.periodTerms(connection).get(book.version()));
        TimeRule rule = new TimeRule(book.incrementMillis(), book.startBilled(), false);
        List<Estimate.Offer> offers = new ArrayList<>();
        offers.add(Estimate.offer(
                "wisp, prices " + book.version(),
                PeriodRatingPolicy.rate(List.of(new PeriodUsage(terms, EstimatePolicy.quantities(rule, call)))),
                call.requests()));
        for (Preset preset : Preset.values()) {
            String name = preset.name().toLowerCase(Locale.ROOT).replace('_', '-');
            offers.add(Estimate.offer(name, preset.estimate(call), call.requests()));
        }
        return new Estimate(offers);
    }

    private static CallShape call(EstimateRequest request) {
        if (Stream.of(request.requests(), request.durationMicros(), request.startMicros(), request.memoryBytes())
                .anyMatch(amount -> amount > AMOUNT_MAX)) {
            throw new ProblemException(Problem.of(ErrorCode.INVALID, "no amount may be above " + AMOUNT_MAX));
        }
        try {
            return new CallShape(
                    request.requests(),
                    request.durationMicros(),
                    request.startMicros(),
                    Math.multiplyExact(request.coldStartPercent(), 100),
                    request.cpuMicros() == null ? request.durationMicros() : request.cpuMicros(),
                    request.cpuMillis(),
                    request.memoryBytes(),
                    request.diskBytes(),
                    request.bytesOut(),
                    request.concurrency() == null ? 1 : request.concurrency());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ProblemException(Problem.of(ErrorCode.INVALID, String.valueOf(e.getMessage())));
        }
    }
}
