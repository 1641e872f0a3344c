package dev.wisp.controller.serving;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceBuilder;
import io.fabric8.kubernetes.api.model.APIResourceListBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Locale;

/** Tells Kubernetes clients what the one API group has. */
@Path("/apis/serving.knative.dev/v1")
final class GroupResource {

    @GET
    public Response resources() {
        return Answers.ok(new APIResourceListBuilder()
                .withGroupVersion(ServiceReader.API_VERSION)
                .withResources(
                        resource("services", "Service", "ksvc", "create", "delete", "get", "list", "update"),
                        resource("revisions", "Revision", "rev", "get", "list"))
                .build());
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
