package dev.wisp.controller.serving;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants of a list or an object, from the query of its request. A parameter that would change the meaning and is not
 * supported is refused; those that only tune (limit, timeouts, field managers) are not looked at.
 */
record Selection(Map<String, String> labels) {

    private static final int LABELS_MAX = 20;

    static Selection of(UriInfo uri) {
        MultivaluedMap<String, String> query = uri.getQueryParameters();
        refuse(query.getFirst("dryRun"), "dryRun");
        refuse(query.getFirst("fieldSelector"), "fieldSelector");
        refuse(query.getFirst("continue"), "continue");
        String watch = query.getFirst("watch");
        refuse("false".equals(watch) || "0".equals(watch) ? null : watch, "watch");
        return new Selection(labels(query.getFirst("labelSelector")));
    }

    boolean matches(@Nullable Map<String, String> objectLabels) {
        Map<String, String> present = objectLabels == null ? Map.of() : objectLabels;
        return labels.entrySet().stream().allMatch(wanted -> wanted.getValue().equals(present.get(wanted.getKey())));
    }

    private static Map<String, String> labels(@Nullable String selector) {
        Map<String, String> labels = new HashMap<>();
        if (selector == null || selector.isEmpty()) {
            return labels;
        }
        for (String term : selector.split(",", LABELS_MAX + 1)) {
            String[] sides = term.replace("==", "=").split("=", 2);
            if (sides.length != 2 || sides[0].endsWith("!") || labels.size() == LABELS_MAX) {
                throw new ProblemException(Problem.of(
                        ErrorCode.INVALID,
                        "labelSelector must be at most %d terms of the form key=value".formatted(LABELS_MAX)));
            }
            labels.put(sides[0].strip(), sides[1].strip());
        }
        return labels;
    }

    private static void refuse(@Nullable String value, String parameter) {
        if (value != null && !value.isEmpty()) {
            throw new ProblemException(
                    Problem.of(ErrorCode.INVALID, "the query parameter %s is not supported".formatted(parameter)));
        }
    }
}
