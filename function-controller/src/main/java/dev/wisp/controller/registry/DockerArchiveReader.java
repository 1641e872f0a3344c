package dev.wisp.controller.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wisp.contracts.oci.ImageManifest;
import dev.wisp.contracts.oci.MediaTypes;
import dev.wisp.contracts.oci.OciParser;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.controller.registry.UploadSpool.SpooledFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * Finds the image in what {@code docker save} writes: {@code manifest.json} names configuration and layers. It has no OCI manifest, so
 * one is made of them; the same archive always gives the same.
 */
final class DockerArchiveReader {

    /** Distinct from the parser's mapper: this one only writes, and keeps the order of fields. */
    private static final JsonMapper MAPPER = new JsonMapper();

    private final UploadSpool spool;
    private final Platform host;

    private DockerArchiveReader(UploadSpool spool, Platform host) {
        this.spool = spool;
        this.host = host;
    }

    /** Empty when the upload is no such archive. */
    static Optional<UploadedImage> read(UploadSpool spool, Platform host) throws IOException {
        SpooledFile list = spool.file("manifest.json").orElse(null);
        return list == null
                ? Optional.empty()
                : Optional.of(new DockerArchiveReader(spool, host).image(spool.document(list)));
    }

    private UploadedImage image(byte[] list) throws IOException {
        JsonNode image = onlyImage(list);
        SpooledFile config = file(image.path("Config").asText());
        requirePlatform(config);
        ObjectNode manifest = MAPPER.createObjectNode();
        manifest.put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_MANIFEST);
        describe(manifest.putObject("config"), MediaTypes.OCI_CONFIG, config);
        ArrayNode layers = manifest.putArray("layers");
        for (JsonNode name : image.path("Layers")) {
            SpooledFile layer = file(name.asText());
            describe(layers.addObject(), layerType(layer), layer);
        }
        return uploaded(manifest);
    }

    private static JsonNode onlyImage(byte[] list) throws IOException {
        JsonNode images;
        try {
            images = MAPPER.readTree(list);
        } catch (JsonProcessingException e) {
            throw invalid("manifest.json is not valid JSON");
        }
        if (!images.isArray() || images.size() != 1) {
            throw invalid("the archive holds %d images, upload one at a time".formatted(images.size()));
        }
        return images.get(0);
    }

    private void requirePlatform(SpooledFile config) throws IOException {
        try {
            Platform platform = ImageConfig.parse(spool.document(config)).platform();
            if (!host.accepts(platform)) {
                throw host.refusal("the image in the archive", List.of(platform.toString()));
            }
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private SpooledFile file(String name) {
        return spool.file(name)
                .orElseThrow(() ->
                        invalid("the archive lacks %s, which its manifest names".formatted(OciParser.excerpt(name))));
    }

    private static void describe(ObjectNode descriptor, String type, SpooledFile file) {
        descriptor
                .put("mediaType", type)
                .put("digest", file.digest().toString())
                .put("size", file.bytes());
    }

    private static String layerType(SpooledFile layer) throws IOException {
        try (InputStream in = Files.newInputStream(layer.path())) {
            byte[] magic = in.readNBytes(4);
            if (magic.length > 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b) {
                return MediaTypes.OCI_LAYER_GZIP;
            }
            boolean zstd = magic.length == 4 && (magic[0] & 0xff) == 0x28 && (magic[1] & 0xff) == 0xb5;
            return zstd ? MediaTypes.OCI_LAYER_ZSTD : MediaTypes.OCI_LAYER_TAR;
        }
    }

    /** Parsed like any other, so that the same bounds hold. */
    private static UploadedImage uploaded(ObjectNode manifest) throws IOException {
        byte[] document = MAPPER.writeValueAsBytes(manifest);
        try {
            if (OciParser.parse(document) instanceof ImageManifest parsed) {
                return new UploadedImage(document, parsed);
            }
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
        throw invalid("the archive holds no image");
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.of(ErrorCode.IMAGE_INVALID, detail));
    }
}
