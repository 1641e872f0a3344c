package dev.wisp.controller.serving;

import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Writes problems as the whole process does. */
final class TestProblems {

    @ServerExceptionMapper
    Response problem(ProblemException e) {
        return Response.status(e.problem().status())
                .type(Problem.MEDIA_TYPE)
                .entity(e.problem())
                .build();
    }
}
