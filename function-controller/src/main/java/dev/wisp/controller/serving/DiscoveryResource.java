package dev.wisp.controller.serving;

import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIGroupBuilder;
import io.fabric8.kubernetes.api.model.APIGroupListBuilder;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceBuilder;
import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Locale;

/** Tells Kubernetes clients what this API has. */
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

    @GET
    @Path(GROUP + "/" + VERSION)
    public Response resources() {
        return Answers.ok(new APIResourceListBuilder()
                .withGroupVersion(GROUP + "/" + VERSION)
                .withResources(
                        resource("services", "Service", "ksvc", "create", "delete", "get", "list", "update"),
                        resource("revisions", "Revision", "rev", "get", "list"))
                .build());
    }

    private static APIGroup apiGroup() {
        return new APIGroupBuilder()
                .withName(GROUP)
                .addNewVersion(GROUP + "/" + VERSION, VERSION)
                .withNewPreferredVersion(GROUP + "/" + VERSION, VERSION)
                .build();
    }

    private static APIResource resource(String plural, String kind, String shortName, String... verbs) {
        return new APIResourceBuilder()
                .withName(plural)
                .withSingularName(kind.toLowerCase(Locale.ROOT))
                .withNamespaced(true)
                .withKind(kind)
                .withShortNames(shortName)
                .withVerbs(verbs)
                .build();
    }
}
