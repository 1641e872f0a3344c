package dev.wisp.controller.registry;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Uploads of images, and the list of them. */
@Path("/v1/images")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public final class ImagesResource {

    private final ImageImporter importer;
    private final UploadedImages uploads;

    ImagesResource(ImageImporter importer, UploadedImages uploads) {
        this.importer = importer;
        this.uploads = uploads;
    }

    /** Takes an archive as the request's body; it is written to disk as it comes. */
    @POST
    @Consumes(MediaType.WILDCARD)
    public Response upload(@QueryParam("name") @Nullable String name, InputStream archive) {
        if (name == null || name.isEmpty()) {
            throw new ProblemException(Problem.of(ErrorCode.INVALID, "the query parameter name is missing")
                    .withHint("POST /v1/images?name=NAME[:TAG] with the archive as the body"));
        }
        StoredImage stored = importer.importArchive(archive, UploadName.parse(name));
        return Response.status(Response.Status.CREATED).entity(stored).build();
    }

    @GET
    public List<StoredImage> list() {
        return uploads.list();
    }
}
