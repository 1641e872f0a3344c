package dev.wisp.controller.serving;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;

/** Responses, written by {@link KnativeJson} so that they do not depend on how the application's own JSON is set up. */
final class Answers {

    private Answers() {}

    static Response ok(Object body) {
        return with(Response.Status.OK, body);
    }

    static Response created(Object body) {
        return with(Response.Status.CREATED, body);
    }

    private static Response with(Response.Status status, Object body) {
        byte[] bytes = KnativeJson.write(body).getBytes(StandardCharsets.UTF_8);
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(bytes)
                .build();
    }
}
