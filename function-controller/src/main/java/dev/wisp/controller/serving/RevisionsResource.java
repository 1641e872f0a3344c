package dev.wisp.controller.serving;

import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.controller.store.ServiceStore;
import dev.wisp.controller.store.StoredRevision;
import io.fabric8.knative.serving.v1.Revision;
import io.fabric8.knative.serving.v1.RevisionListBuilder;
import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knative's revisions over HTTP; only services make them, so they can only be read. */
@Path("/apis/serving.knative.dev/v1")
final class RevisionsResource {

    private final ServiceStore store;

    RevisionsResource(ServiceStore store) {
        this.store = store;
    }

    @GET
    @Path("revisions")
    public Uni<Response> everywhere(UriInfo uri) {
        return list(null, Selection.of(uri));
    }

    @GET
    @Path("namespaces/{namespace}/revisions")
    public Uni<Response> list(@PathParam("namespace") String namespace, UriInfo uri) {
        return list(namespace, Selection.of(uri));
    }

    @GET
    @Path("namespaces/{namespace}/revisions/{name}")
    public Uni<Response> get(@PathParam("namespace") String namespace, @PathParam("name") String name, UriInfo uri) {
        Selection.of(uri);
        return store.revision(new RevisionId(namespace, name))
                .map(revision -> Answers.ok(ServiceView.revision(revision)));
    }

    private Uni<Response> list(@Nullable String namespace, Selection selection) {
        return store.revisions(namespace).map(stored -> {
            List<Revision> revisions = stored.stream()
                    .map(ServiceView::revision)
                    .filter(revision -> selection.matches(revision.getMetadata().getLabels()))
                    .toList();
            return Answers.ok(new RevisionListBuilder()
                    .withMetadata(new ListMetaBuilder()
                            .withResourceVersion(newest(stored))
                            .build())
                    .withItems(revisions)
                    .build());
        });
    }

    private static String newest(List<StoredRevision> stored) {
        return Long.toString(
                stored.stream().mapToLong(StoredRevision::resourceVersion).max().orElse(0));
    }
}
