package dev.wisp.controller.serving;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIGroupBuilder;
import io.fabric8.kubernetes.api.model.APIGroupListBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** Tells Kubernetes clients which API groups there are: one. */
@Path("/apis")
final class DiscoveryResource {

    private static final String GROUP = "serving.knative.dev";
    private static final String VERSION = "v1";

    @GET
    public Response groups() {
        return Answers.ok(new APIGroupListBuilder().withGroups(apiGroup()).build());
    }

    @GET
    @Path(GROUP)
    public Response group() {
        return Answers.ok(apiGroup());
    }

    private static APIGroup apiGroup() {
        return new APIGroupBuilder()
                .withName(GROUP)
                .addNewVersion(GROUP + "/" + VERSION, VERSION)
                .withNewPreferredVersion(GROUP + "/" + VERSION, VERSION)
                .build();
    }
}
