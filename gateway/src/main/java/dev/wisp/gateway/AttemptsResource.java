package dev.wisp.gateway;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.gateway.explain.TriedCall;
import dev.wisp.gateway.explain.TriedCalls;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How often calls were tried, and why earlier attempts ended: of those that did not simply go through. */
@Path("/v1/attempts")
@Produces(MediaType.APPLICATION_JSON)
public final class AttemptsResource {

    private static final int ID_LENGTH = 36;

    private final GatewayService gateway;

    AttemptsResource(GatewayService gateway) {
        this.gateway = gateway;
    }

    /** Newest first. */
    public record Attempts(List<TriedCall> items) {}

    /** Of one call, or else of the last; empty when nothing is kept. */
    @GET
    @NonBlocking
    public Attempts attempts(
            @QueryParam("call") @Nullable String id, @QueryParam("limit") @DefaultValue("50") int limit) {
        TriedCalls calls = gateway.triedCalls()
                .orElseThrow(() -> problem(ErrorCode.NOT_SERVED_HERE, "this process runs no gateway"));
        if (limit < 1 || limit > TriedCalls.CALLS_MAX) {
            throw problem(ErrorCode.INVALID, "limit=%d, must be 1..%d".formatted(limit, TriedCalls.CALLS_MAX));
        }
        return new Attempts(
                id == null
                        ? calls.latest(limit)
                        : calls.find(parsed(id)).stream().toList());
    }

    private static UUID parsed(String id) {
        try {
            if (id.length() == ID_LENGTH) {
                return UUID.fromString(id);
            }
        } catch (IllegalArgumentException e) {
            // Answered below, as everything else that is no id.
        }
        throw problem(ErrorCode.INVALID, "call must be a UUID, as X-Invocation-Id has it");
    }

    private static ProblemException problem(ErrorCode code, String detail) {
        return new ProblemException(Problem.of(code, detail));
    }
}
