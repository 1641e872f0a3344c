package dev.wisp.controller.serving;

import dev.wisp.controller.route.ServingConfig;
import dev.wisp.controller.store.ServiceSnapshot;
import dev.wisp.controller.store.ServiceStore;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.knative.serving.v1.ServiceListBuilder;
import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knative's services over HTTP; every failure is a problem document. */
@Path("/apis/serving.knative.dev/v1")
final class ServicesResource {

    private final ServiceStore store;
    private final ServiceDeployment deployment;
    private final ServingConfig config;
    private final OperatorSettings operator;

    ServicesResource(
            ServiceStore store, ServiceDeployment deployment, ServingConfig config, OperatorSettings operator) {
        this.store = store;
        this.deployment = deployment;
        this.config = config;
        this.operator = operator;
    }

    @GET
    @Path("services")
    public Uni<Response> everywhere(UriInfo uri) {
        return list(null, Selection.of(uri));
    }

    @GET
    @Path("namespaces/{namespace}/services")
    public Uni<Response> list(@PathParam("namespace") String namespace, UriInfo uri) {
        return list(namespace, Selection.of(uri));
    }

    @GET
    @Path("namespaces/{namespace}/services/{name}")
    public Uni<Response> get(@PathParam("namespace") String namespace, @PathParam("name") String name, UriInfo uri) {
        Selection.of(uri);
        return store.find(namespace, name).map(snapshot -> Answers.ok(view(snapshot)));
    }

    @POST
    @Blocking // Reads the body as a stream, so that its size is bounded here.
    @Path("namespaces/{namespace}/services")
    public Uni<Response> create(@PathParam("namespace") String namespace, UriInfo uri, InputStream body) {
        Selection.of(uri);
        DesiredService desired = ServiceReader.read(BoundedBody.read(body), namespace, null, operator.terms());
        return deployment.create(desired).map(snapshot -> Answers.created(view(snapshot)));
    }

    @PUT
    @Blocking // As for POST.
    @Path("namespaces/{namespace}/services/{name}")
    public Uni<Response> update(
            @PathParam("namespace") String namespace, @PathParam("name") String name, UriInfo uri, InputStream body) {
        Selection.of(uri);
        DesiredService desired = ServiceReader.read(BoundedBody.read(body), namespace, name, operator.terms());
        return deployment.update(desired).map(snapshot -> Answers.ok(view(snapshot)));
    }

    @DELETE
    @Blocking // As for POST.
    @Path("namespaces/{namespace}/services/{name}")
    public Uni<Response> delete(
            @PathParam("namespace") String namespace, @PathParam("name") String name, UriInfo uri, InputStream body) {
        Selection.of(uri);
        return deployment
                .delete(namespace, name, DeleteOptionsReader.read(BoundedBody.read(body)))
                .map(snapshot -> Answers.ok(deleted(snapshot)));
    }

    private Uni<Response> list(@Nullable String namespace, Selection selection) {
        return store.list(namespace).map(snapshots -> {
            List<Service> services = snapshots.stream()
                    .map(this::view)
                    .filter(service -> selection.matches(service.getMetadata().getLabels()))
                    .toList();
            return Answers.ok(new ServiceListBuilder()
                    .withMetadata(new ListMetaBuilder()
                            .withResourceVersion(newest(snapshots))
                            .build())
                    .withItems(services)
                    .build());
        });
    }

    private Service view(ServiceSnapshot snapshot) {
        return ServiceView.service(snapshot, config);
    }

    private static String newest(List<ServiceSnapshot> snapshots) {
        return Long.toString(snapshots.stream()
                .mapToLong(snapshot -> snapshot.service().resourceVersion())
                .max()
                .orElse(0));
    }

    private static Status deleted(ServiceSnapshot snapshot) {
        return new StatusBuilder()
                .withStatus("Success")
                .withNewDetails()
                .withName(snapshot.service().name())
                .withGroup("serving.knative.dev")
                .withKind("services")
                .withUid(snapshot.service().uid().toString())
                .endDetails()
                .build();
    }
}
