package dev.wisp.billing.usage;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;

/** {@code GET /v1/usage}: sums by window and group, a page at a time. */
@Path("/v1/usage")
@Produces(MediaType.APPLICATION_JSON)
public class UsageResource {

    private final Usage usage;
    private final InstantSource clock = InstantSource.system();

    UsageResource(Usage usage) {
        this.usage = usage;
    }

    @GET
    public Uni<UsageAnswer> usage(@BeanParam UsageParameters parameters) {
        return usage.answer(UsagePage.parse(parameters, clock.instant()));
    }
}
