package dev.wisp.controller.registry;

import dev.wisp.contracts.oci.Digest;
import dev.wisp.contracts.oci.MediaTypes;
import dev.wisp.contracts.oci.OciParser;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The read side of the OCI distribution API over uploaded images, so that nodes, skopeo and docker pull them like any others. Errors
 * have that API's form and not that of problem documents, since its clients read them.
 */
@Path("/v2")
@Blocking
public final class DistributionResource {

    private static final String CONTENT_DIGEST = "Docker-Content-Digest";

    private final BlobStore store;

    DistributionResource(BlobStore store) {
        this.store = store;
    }

    /** A list of the tags of a repository. */
    public record Tags(String name, List<String> tags) {}

    /** Errors as the API has them. */
    public record Errors(List<Fault> errors) {}

    /** One of them. */
    public record Fault(String code, String message) {}

    /** Says that this is a registry. */
    @GET
    public Response version() {
        return Response.ok(Map.of(), MediaType.APPLICATION_JSON)
                .header("Docker-Distribution-Api-Version", "registry/2.0")
                .build();
    }

    @GET
    @Path("/{name:.+}/manifests/{reference}")
    public Response manifest(@PathParam("name") String name, @PathParam("reference") String reference)
            throws IOException {
        java.nio.file.Path file = manifestFile(name, reference).orElse(null);
        if (file == null) {
            return manifestUnknown(name, reference);
        }
        byte[] document = Files.readAllBytes(file);
        return described(file, document.length, mediaType(document))
                .entity(document)
                .build();
    }

    @HEAD
    @Path("/{name:.+}/manifests/{reference}")
    public Response manifestHead(@PathParam("name") String name, @PathParam("reference") String reference)
            throws IOException {
        java.nio.file.Path file = manifestFile(name, reference).orElse(null);
        if (file == null) {
            return Response.status(Response.Status.NOT_FOUND).build();
        }
        byte[] document = Files.readAllBytes(file);
        return described(file, document.length, mediaType(document)).build();
    }

    @GET
    @Path("/{name:.+}/blobs/{digest}")
    public Response blob(@PathParam("name") String name, @PathParam("digest") String digest) throws IOException {
        java.nio.file.Path file = blobFile(name, digest).orElse(null);
        if (file == null) {
            return error(
                    "BLOB_UNKNOWN", "no blob %s in %s".formatted(OciParser.excerpt(digest), OciParser.excerpt(name)));
        }
        return described(file, Files.size(file), MediaType.APPLICATION_OCTET_STREAM)
                .entity(file)
                .build();
    }

    @HEAD
    @Path("/{name:.+}/blobs/{digest}")
    public Response blobHead(@PathParam("name") String name, @PathParam("digest") String digest) throws IOException {
        java.nio.file.Path file = blobFile(name, digest).orElse(null);
        return file == null
                ? Response.status(Response.Status.NOT_FOUND).build()
                : described(file, Files.size(file), MediaType.APPLICATION_OCTET_STREAM)
                        .build();
    }

    @GET
    @Path("/{name:.+}/tags/list")
    public Response tags(@PathParam("name") String name) throws IOException {
        List<String> tags = UploadName.isRepository(name) ? store.tags(name) : List.of();
        return tags.isEmpty()
                ? error("NAME_UNKNOWN", "no repository " + OciParser.excerpt(name))
                : Response.ok(new Tags(name, tags), MediaType.APPLICATION_JSON).build();
    }

    private Optional<java.nio.file.Path> manifestFile(String name, String reference) throws IOException {
        if (!UploadName.isRepository(name)) {
            return Optional.empty();
        }
        if (reference.startsWith("sha256:")) {
            // A layer is no manifest, whoever asks for it as one.
            Optional<java.nio.file.Path> file = blobFile(name, reference);
            return file.isPresent() && Files.size(file.get()) <= OciParser.DOCUMENT_BYTES_MAX ? file : Optional.empty();
        }
        Optional<Digest> digest = UploadName.isTag(reference) ? store.tagged(name, reference) : Optional.empty();
        return digest.flatMap(tagged -> store.blob(name, tagged));
    }

    private Optional<java.nio.file.Path> blobFile(String name, String digest) {
        try {
            return UploadName.isRepository(name) ? store.blob(name, Digest.parse(digest)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The document's own word, as a client may refuse any other; what says nothing is OCI's. */
    private static String mediaType(byte[] document) {
        try {
            return OciParser.json(document).path("mediaType").asText(MediaTypes.OCI_MANIFEST);
        } catch (IllegalArgumentException e) {
            return MediaType.APPLICATION_OCTET_STREAM;
        }
    }

    /** Content is named by its digest, so it never changes; the file's name is that digest. */
    private static Response.ResponseBuilder described(java.nio.file.Path file, long bytes, String type) {
        return Response.ok()
                .type(type)
                .header(HttpHeaders.CONTENT_LENGTH, bytes)
                .header(CONTENT_DIGEST, "sha256:" + file.getFileName());
    }

    private static Response manifestUnknown(String name, String reference) {
        return error(
                "MANIFEST_UNKNOWN",
                "manifest unknown: %s:%s was not uploaded"
                        .formatted(OciParser.excerpt(name), OciParser.excerpt(reference)));
    }

    private static Response error(String code, String message) {
        return Response.status(Response.Status.NOT_FOUND)
                .type(MediaType.APPLICATION_JSON)
                .entity(new Errors(List.of(new Fault(code, message))))
                .build();
    }
}
