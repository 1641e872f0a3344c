package dev.wisp.billing.reconcile;

import dev.wisp.billing.usage.LedgerJobs;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.List;

/** {@code GET /v1/billing/reconciliation}: the last hour's processor time of each node, by the kernel and by the ledger. */
@Path("/v1/billing/reconciliation")
@Produces(MediaType.APPLICATION_JSON)
public class ReconciliationResource {

    private final LedgerJobs jobs;
    private final InstantSource clock = InstantSource.system();

    ReconciliationResource(LedgerJobs jobs) {
        this.jobs = jobs;
    }

    @GET
    public Uni<List<Reconciliation.Node>> nodes() {
        return jobs.write(connection -> Reconciliation.nodes(connection, clock.instant()));
    }
}
