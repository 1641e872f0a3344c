package dev.wisp.billing.verify;

import dev.wisp.billing.usage.LedgerJobs;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code GET /v1/billing/verification}: reads the whole ledger, so one at a time. */
@Path("/v1/billing/verification")
@Produces(MediaType.APPLICATION_JSON)
public class VerificationResource {

    private final LedgerJobs jobs;
    private final InstantSource clock = InstantSource.system();
    private final AtomicBoolean running = new AtomicBoolean();

    VerificationResource(LedgerJobs jobs) {
        this.jobs = jobs;
    }

    @GET
    public Uni<VerificationReport> verify() {
        if (!running.compareAndSet(false, true)) {
            throw new ProblemException(Problem.of(ErrorCode.CONFLICT, "a verification is under way")
                    .withHint("ask again when it has ended"));
        }
        return jobs.run(store -> Verification.run(store, clock.instant()))
                .onTermination()
                .invoke(() -> running.set(false));
    }
}
