package dev.wisp.contracts.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 9457, {@code application/problem+json}); the same text appears in API, CLI and console.
 *
 * @param type {@code /errors#E1203}
 * @param detail what happened to which object, with its name
 * @param instance request or invocation id, when there is one
 * @param evidence last log lines or the offending input, at most 20 lines
 * @param errors which fields are wrong
 * @param hint what to do next
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        String code,
        List<String> evidence,
        List<FieldError> errors,
        @Nullable String hint) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /**
     * One wrong field.
     *
     * @param pointer JSON pointer to it
     */
    public record FieldError(String pointer, String detail) {}

    public Problem {
        evidence = evidence == null ? List.of() : List.copyOf(evidence);
        errors = errors == null ? List.of() : List.copyOf(errors);
    }

    public static Problem of(ErrorCode code, String detail) {
        return new Problem(
                "/errors#" + code.code(),
                code.title(),
                code.status(),
                detail,
                null,
                code.code(),
                List.of(),
                List.of(),
                null);
    }

    public Problem withInstance(String id) {
        return new Problem(type, title, status, detail, id, code, evidence, errors, hint);
    }

    public Problem withEvidence(List<String> lines) {
        return new Problem(type, title, status, detail, instance, code, lines, errors, hint);
    }

    public Problem withErrors(List<FieldError> fields) {
        return new Problem(type, title, status, detail, instance, code, evidence, fields, hint);
    }

    public Problem withHint(String text) {
        return new Problem(type, title, status, detail, instance, code, evidence, errors, text);
    }
}
