package dev.wisp.billing.price;

import dev.wisp.billing.usage.LedgerJobs;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.List;

/** {@code /v1/billing/prices}: the versions there are, and a new one. */
@Path("/v1/billing/prices")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class PricesResource {

    private final LedgerJobs jobs;
    private final PricePublisher publisher;
    private final InstantSource clock = InstantSource.system();

    PricesResource(LedgerJobs jobs, PricePublisher publisher) {
        this.jobs = jobs;
        this.publisher = publisher;
    }

    @GET
    public Uni<List<PriceView>> prices() {
        return jobs.write(PriceStore::views);
    }

    @POST
    public Uni<PriceView> add(PriceDraft draft) {
        return jobs.write(connection -> PriceStore.add(connection, draft, clock.instant()))
                .invoke(publisher::poke);
    }
}
