package dev.wisp.autoscaler.explain;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.service.Services;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Why a service has as many instances as it has. */
@Path("/v1/namespaces/{namespace}/services/{service}/decisions")
@Produces(MediaType.APPLICATION_JSON)
public final class DecisionsResource {

    private static final int LIMIT_MAX = 1_000;

    private final DecisionLog log;
    private final boolean served;

    DecisionsResource(DecisionLog log, @ConfigProperty(name = Services.KEY, defaultValue = "all") String services) {
        this.log = log;
        this.served = Services.parse(services).runs(Services.Service.AUTOSCALER);
    }

    /** Newest first. */
    public record Decisions(List<Decision> items) {}

    @GET
    @NonBlocking
    public Decisions latest(
            @PathParam("namespace") String namespace,
            @PathParam("service") String service,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        if (!served) {
            throw problem(ErrorCode.NOT_SERVED_HERE, "the autoscaler does not run in this process");
        }
        if (limit < 1 || limit > LIMIT_MAX) {
            throw problem(ErrorCode.INVALID, "limit=%d, must be 1..%d".formatted(limit, LIMIT_MAX));
        }
        return new Decisions(log.latest(namespace, service, limit)
                .orElseThrow(() ->
                        problem(ErrorCode.NOT_FOUND, "no decisions on service %s/%s".formatted(namespace, service))));
    }

    private static ProblemException problem(ErrorCode code, String detail) {
        return new ProblemException(Problem.of(code, detail));
    }
}
