package dev.wisp.billing.console;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** {@code GET /v1/live}: Server-Sent Events with what was stored and what instances did, as it happens. */
@Path("/v1/live")
@Singleton
public class LiveResource {

    /** An event at least this often, so that both sides notice when the other has gone. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

    private final LiveFeed feed;
    private final FleetWatch watch;
    private final ConsoleConfig config;
    private final AtomicInteger viewers = new AtomicInteger();

    LiveResource(LiveFeed feed, FleetWatch watch, ConsoleConfig config) {
        this.feed = feed;
        this.watch = watch;
        this.config = config;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    public Multi<LiveEvent> live() {
        if (viewers.incrementAndGet() > config.viewersMax()) {
            viewers.decrementAndGet();
            throw new ProblemException(Problem.of(
                            ErrorCode.BILLING_UNAVAILABLE,
                            "%d pages already follow the live view".formatted(config.viewersMax()))
                    .withHint("close some, or raise wisp.billing.console.viewers-max"));
        }
        int silentTicksMax = (int) Math.max(1, SILENCE_MAX.dividedBy(config.refresh()));
        LiveViewer viewer = new LiveViewer(feed, watch.fleet(), silentTicksMax);
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(0L),
                        Multi.createFrom()
                                .ticks()
                                .every(config.refresh())
                                .onOverflow()
                                .drop())
                .map(tick -> viewer.next())
                .filter(LiveViewer.Turn::isNews)
                .map(LiveViewer.Turn::event)
                .onTermination()
                .invoke(viewers::decrementAndGet);
    }
}
