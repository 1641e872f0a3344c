package dev.wisp.controller.serving;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.Problem.FieldError;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.controller.policy.Findings;
import io.fabric8.knative.serving.v1.RevisionList;
import io.fabric8.knative.serving.v1.ServiceList;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * JSON of Knative objects: strict when reading what a client sent, the same text for the same object when writing (stored texts are
 * compared).
 */
final class KnativeJson {

    private static final int DEPTH_MAX = 32;
    private static final int NUMBER_LENGTH_MAX = 32;
    private static final int STRING_LENGTH_MAX = 1 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxNumberLength(NUMBER_LENGTH_MAX)
                            .maxStringLength(STRING_LENGTH_MAX)
                            .build())
                    .build())
            .addModule(new JavaTimeModule())
            .addMixIn(ServiceList.class, WithItems.class)
            .addMixIn(RevisionList.class, WithItems.class)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    /** The model leaves an empty list of items out; clients of the API expect one that is empty. */
    @SuppressWarnings("UnusedMethod") // Jackson reads its annotation.
    private interface WithItems {

        @JsonInclude(JsonInclude.Include.ALWAYS)
        List<?> getItems();
    }

    /** Only for whole bodies: some of the model's own readers stop in the middle of one. */
    private static final ObjectReader STRICT = MAPPER.readerFor(new TypeReference<Map<String, Object>>() {})
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private KnativeJson() {}

    /** Reads any JSON object; E1802 with line and column for what is none. */
    static Map<String, Object> tree(byte[] body) {
        try {
            Map<String, Object> tree = STRICT.readValue(body);
            if (tree == null) {
                throw malformed("the body is null, must be a JSON object", 1, 1);
            }
            return tree;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation() == null ? JsonLocation.NA : e.getLocation();
            throw malformed(e.getOriginalMessage(), at.getLineNr(), at.getColumnNr());
        } catch (IOException e) {
            throw malformed(String.valueOf(e.getMessage()), 1, 1);
        }
    }

    /** Gives a tree its type; E1801 naming the field whose value is of a wrong type. */
    static <T> T typed(Map<String, Object> tree, Class<T> type) {
        try {
            return MAPPER.convertValue(tree, type);
        } catch (IllegalArgumentException e) {
            List<FieldError> errors = e.getCause() instanceof JsonMappingException mismatch
                    ? List.of(new FieldError(pointer(mismatch), firstLine(mismatch.getOriginalMessage())))
                    : List.of();
            throw new ProblemException(
                    Problem.of(ErrorCode.INVALID, "a field has a value of the wrong type")
                            .withErrors(errors),
                    e);
        }
    }

    /** Reads what {@link #write} wrote. */
    static <T> T read(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored JSON is not a " + type.getSimpleName(), e);
        }
    }

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "cannot write " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }

    private static String pointer(JsonMappingException mismatch) {
        String pointer = "";
        for (JsonMappingException.Reference step : mismatch.getPath()) {
            pointer = step.getFieldName() == null
                    ? pointer + "/" + step.getIndex()
                    : Findings.step(pointer, step.getFieldName());
        }
        return pointer;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static ProblemException malformed(String what, int line, int column) {
        return new ProblemException(
                Problem.of(ErrorCode.MALFORMED, "%s (line %d, column %d)".formatted(firstLine(what), line, column)));
    }
}
