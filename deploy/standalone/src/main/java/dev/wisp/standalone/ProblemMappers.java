package dev.wisp.standalone;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The one place where the API's failures become problem documents. */
final class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    @ServerExceptionMapper
    Response problem(ProblemException e) {
        return response(e.problem());
    }

    @ServerExceptionMapper
    Response json(JsonProcessingException e) {
        String where = e.getLocation() == null
                ? ""
                : " at line %d, column %d"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
        return response(Problem.of(ErrorCode.MALFORMED, e.getOriginalMessage() + where));
    }

    @ServerExceptionMapper
    Response http(WebApplicationException e, UriInfo uri) {
        Throwable cause = e.getCause();
        if (cause instanceof JsonProcessingException malformed) {
            return json(malformed);
        }
        int status = e.getResponse().getStatus();
        return switch (status) {
            case 404 ->
                response(Problem.of(
                        ErrorCode.NOT_FOUND,
                        "there is nothing at /" + uri.getPath().replaceFirst("^/", "")));
            case 405 ->
                response(Problem.of(ErrorCode.METHOD_NOT_ALLOWED, "this method is not offered at " + uri.getPath()));
            case 413 -> response(Problem.of(ErrorCode.TOO_LARGE, "the body is larger than this address takes"));
            default ->
                status < 500 ? response(Problem.of(ErrorCode.MALFORMED, String.valueOf(e.getMessage()))) : internal(e);
        };
    }

    @ServerExceptionMapper
    Response any(Exception e) {
        return internal(e);
    }

    private static Response internal(Exception e) {
        LOG.error("request failed", e);
        return response(Problem.of(ErrorCode.INTERNAL, "the request failed inside Wisp; the log has the reason"));
    }

    private static Response response(Problem problem) {
        return Response.status(problem.status())
                .type(Problem.MEDIA_TYPE)
                .entity(problem)
                .build();
    }
}
