package dev.wisp.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;

/** Reads and writes JSON, and YAML only when it is asked for. Numbers keep their digits: bills are exact. */
public final class Json {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Json() {}

    /** Throws {@link IOException} for anything that is not JSON. */
    public static JsonNode parse(String text) throws IOException {
        JsonNode node = MAPPER.readTree(text);
        return node == null ? JsonNodeFactory.instance.missingNode() : node;
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** On one line. */
    public static String compact(JsonNode node) {
        return node.toString();
    }

    /** Indented. */
    public static String pretty(JsonNode node) {
        return node.toPrettyString();
    }

    public static String yaml(JsonNode node) {
        try {
            return Yaml.MAPPER.writeValueAsString(node).stripTrailing();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a tree that YAML can hold", e);
        }
    }

    /** Reads YAML or JSON, which is YAML too; throws {@link IOException} for anything else. */
    public static JsonNode parseYaml(String text) throws IOException {
        JsonNode node = Yaml.MAPPER.readTree(text);
        return node == null ? JsonNodeFactory.instance.missingNode() : node;
    }

    /** Kept apart so that a command without YAML does not load it. */
    private static final class Yaml {
        static final ObjectMapper MAPPER = new ObjectMapper(new YAMLFactory()
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));
    }
}
