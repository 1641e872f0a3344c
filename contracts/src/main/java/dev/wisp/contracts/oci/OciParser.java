package dev.wisp.contracts.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads manifests and indexes strictly, because two readers that disagree about one document let an attacker show each a different
 * image: no duplicate keys, no document that is both an image and an index, nothing after the end.
 */
public final class OciParser {

    /** Largest manifest, index or configuration read; what registries accept too. */
    public static final int DOCUMENT_BYTES_MAX = 4 << 20;

    /** Most layers of an image; overlayfs and other engines stop at about as many. */
    public static final int LAYERS_MAX = 127;

    private static final int INDEX_ENTRIES_MAX = 1024;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxDocumentLength(DOCUMENT_BYTES_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private OciParser() {}

    /** Reads a manifest or index; throws {@link IllegalArgumentException} saying what is wrong with it. */
    public static OciDocument parse(byte[] document) {
        JsonNode root = json(document);
        boolean index = root.has("manifests");
        if (index && (root.has("layers") || root.has("config"))) {
            throw new IllegalArgumentException("the manifest is an image and an index at once");
        }
        if (root.path("schemaVersion").asInt() != 2) {
            throw new IllegalArgumentException("the manifest has schema version %s, only 2 is read"
                    .formatted(excerpt(root.path("schemaVersion").asText("none"))));
        }
        String type = root.path("mediaType").asText("");
        return index ? index(root, type) : manifest(root, type);
    }

    /** Reads any JSON object as strictly; throws {@link IllegalArgumentException}. */
    public static JsonNode json(byte[] document) {
        if (document.length > DOCUMENT_BYTES_MAX) {
            throw new IllegalArgumentException("the document has %d bytes, more than %d are not read"
                    .formatted(document.length, DOCUMENT_BYTES_MAX));
        }
        try {
            JsonNode root = MAPPER.readTree(document);
            if (!root.isObject()) {
                throw new IllegalArgumentException("the document is not a JSON object");
            }
            return root;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the document is not valid JSON: " + excerpt(String.valueOf(e.getMessage())), e);
        }
    }

    private static ImageManifest manifest(JsonNode root, String type) {
        requireType(type, MediaTypes.OCI_MANIFEST, MediaTypes.DOCKER_MANIFEST);
        Descriptor config = descriptor(root.path("config"), "config");
        if (!MediaTypes.isConfig(config.mediaType())) {
            throw new IllegalArgumentException(
                    "it is an artifact of type %s, not a container image".formatted(excerpt(config.mediaType())));
        }
        List<Descriptor> layers = new ArrayList<>();
        for (JsonNode node : array(root, "layers", LAYERS_MAX)) {
            Descriptor layer = descriptor(node, "layer " + (layers.size() + 1));
            if (!MediaTypes.isLayer(layer.mediaType())) {
                throw new IllegalArgumentException("layer %d is of type %s, which is not read"
                        .formatted(layers.size() + 1, excerpt(layer.mediaType())));
            }
            layers.add(layer);
        }
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("the image has no layers");
        }
        return new ImageManifest(config, layers);
    }

    private static ImageIndex index(JsonNode root, String type) {
        requireType(type, MediaTypes.OCI_INDEX, MediaTypes.DOCKER_INDEX);
        List<ImageIndex.Entry> entries = new ArrayList<>();
        for (JsonNode node : array(root, "manifests", INDEX_ENTRIES_MAX)) {
            JsonNode platform = node.path("platform");
            entries.add(new ImageIndex.Entry(
                    descriptor(node, "manifest " + (entries.size() + 1)),
                    platform.path("os").asText(""),
                    platform.path("architecture").asText("")));
        }
        return new ImageIndex(entries);
    }

    private static void requireType(String type, String oci, String docker) {
        if (!type.isEmpty() && !type.equals(oci) && !type.equals(docker)) {
            throw new IllegalArgumentException("the manifest says it is %s".formatted(excerpt(type)));
        }
    }

    private static JsonNode array(JsonNode root, String field, int max) {
        JsonNode array = root.path(field);
        if (!array.isArray()) {
            throw new IllegalArgumentException("the manifest has no list \"%s\"".formatted(field));
        }
        if (array.size() > max) {
            throw new IllegalArgumentException(
                    "the manifest has %d %s, at most %d are taken".formatted(array.size(), field, max));
        }
        return array;
    }

    /** One descriptor; {@code where} names it in the message. */
    private static Descriptor descriptor(JsonNode node, String where) {
        try {
            if (!node.path("size").isIntegralNumber() || !node.path("size").canConvertToLong()) {
                throw new IllegalArgumentException("size is missing or no integer");
            }
            return new Descriptor(
                    node.path("mediaType").asText(""),
                    Digest.parse(node.path("digest").asText("")),
                    node.path("size").asLong());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
        }
    }

    /** Foreign text as it may stand in a message: one line, printable, short. */
    public static String excerpt(String text) {
        String line = text.lines().findFirst().orElse("");
        String printable = line.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() > 200 ? printable.substring(0, 200) + "…" : printable;
    }
}
