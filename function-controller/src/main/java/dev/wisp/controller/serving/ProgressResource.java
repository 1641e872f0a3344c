package dev.wisp.controller.serving;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.controller.route.ServingConfig;
import dev.wisp.controller.store.ChangeSignal;
import dev.wisp.controller.store.ServiceStore;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The transcript of a deployment while it happens. With {@code wait} (seconds, at most 30) the answer comes when the deployment has an
 * outcome, or with {@code version} when anything differs from that version; at the latest when the time is over.
 */
@Path("/v1/namespaces/{namespace}/services/{name}/progress")
final class ProgressResource {

    private static final int WAIT_SECONDS_MAX = 30;
    private static final int WAITING_MAX = 500;

    /** A change can be made by another process, which this one does not hear of. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final ServiceStore store;
    private final ChangeSignal signal;
    private final ServingConfig config;
    private final InstantSource clock = InstantSource.system();
    private final AtomicInteger waiting = new AtomicInteger();

    ProgressResource(ServiceStore store, ChangeSignal signal, ServingConfig config) {
        this.store = store;
        this.signal = signal;
        this.config = config;
    }

    /** Which deployment, and what its client has seen of it. */
    private record Question(
            String namespace,
            String name,
            long generation,
            @Nullable Long version,
            Instant until) {

        boolean isAnsweredBy(DeploymentProgress progress, Instant now) {
            boolean news = version != null && version != progress.version();
            return news || progress.done() || !now.isBefore(until);
        }
    }

    @GET
    public Uni<Response> progress(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @QueryParam("generation") @Nullable Long generation,
            @QueryParam("version") @Nullable Long version,
            @QueryParam("wait") @Nullable Integer wait) {
        Instant until = clock.instant().plusSeconds(bounded(wait));
        long wanted = generation == null ? Long.MAX_VALUE : generation;
        Question question = new Question(namespace, name, wanted, version, until);
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            throw new ProblemException(
                    Problem.of(ErrorCode.STORE_UNAVAILABLE, "%d clients wait for deployments".formatted(WAITING_MAX)));
        }
        return answer(question).map(Answers::ok).onTermination().invoke(waiting::decrementAndGet);
    }

    private Uni<DeploymentProgress> answer(Question question) {
        return store.find(question.namespace(), question.name())
                .map(snapshot -> DeploymentProgress.of(snapshot, question.generation(), config))
                .chain(progress -> question.isAnsweredBy(progress, clock.instant())
                        ? Uni.createFrom().item(progress)
                        : next(question).chain(() -> answer(question)));
    }

    private Uni<Void> next(Question question) {
        Duration left = Duration.between(clock.instant(), question.until());
        Duration atMost = left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN;
        Duration positive = atMost.isPositive() ? atMost : Duration.ofMillis(1);
        return signal.next(question.namespace(), question.name(), positive);
    }

    private static int bounded(@Nullable Integer wait) {
        if (wait == null) {
            return 0;
        }
        if (wait < 0 || wait > WAIT_SECONDS_MAX) {
            throw new ProblemException(
                    Problem.of(ErrorCode.INVALID, "wait=%d, must be 0..%d seconds".formatted(wait, WAIT_SECONDS_MAX)));
        }
        return wait;
    }
}
