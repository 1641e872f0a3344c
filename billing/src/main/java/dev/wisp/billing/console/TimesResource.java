package dev.wisp.billing.console;

import dev.wisp.billing.usage.RecentTimes;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.List;

/** {@code GET /v1/overview/times}: how long the last calls of each service took; apart from the overview, which is asked for more often. */
@Path("/v1/overview/times")
@Produces(MediaType.APPLICATION_JSON)
public class TimesResource {

    private final RecentTimes times;
    private final InstantSource clock = InstantSource.system();

    /** One service. */
    public record ServiceTimes(String namespace, String name, long calls, long p50Micros, long p95Micros) {}

    TimesResource(RecentTimes times) {
        this.times = times;
    }

    @GET
    public Uni<List<ServiceTimes>> times() {
        return times.until(clock.instant())
                .map(all -> all.stream()
                        .map(one -> new ServiceTimes(
                                one.service().namespace(),
                                one.service().name(),
                                one.calls(),
                                one.p50Micros(),
                                one.p95Micros()))
                        .toList());
    }
}
