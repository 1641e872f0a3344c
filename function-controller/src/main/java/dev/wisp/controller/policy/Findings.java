package dev.wisp.controller.policy;

import dev.wisp.contracts.problem.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with an object, so that a user sees all of it at once; not thread-safe. */
public final class Findings {

    /** More would not help anyone; the rest shows once these are mended. */
    private static final int ERRORS_MAX = 50;

    private final List<FieldError> errors = new ArrayList<>();

    public void add(String pointer, String detail) {
        if (errors.size() < ERRORS_MAX) {
            errors.add(new FieldError(pointer, detail));
        }
    }

    public void addAll(List<FieldError> more) {
        more.forEach(error -> add(error.pointer(), error.detail()));
    }

    public boolean isEmpty() {
        return errors.isEmpty();
    }

    public List<FieldError> errors() {
        return List.copyOf(errors);
    }

    /** One step of a JSON pointer, escaped as RFC 6901 says. */
    public static String step(String parent, String key) {
        return parent + "/" + key.replace("~", "~0").replace("/", "~1");
    }
}
