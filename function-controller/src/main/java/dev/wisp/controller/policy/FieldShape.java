package dev.wisp.controller.policy;

import java.util.Map;

/** Which part of a JSON tree is supported; what is outside it is refused by {@link FieldPolicy}. */
sealed interface FieldShape {

    /** Anything goes: a value that the typed checks read, or one the server owns and ignores. */
    record Anything() implements FieldShape {}

    /** An object with these keys only. */
    record Fields(Map<String, FieldShape> known) implements FieldShape {}

    /** At most {@code max} elements, each of one shape; {@code beyond} says why there may not be more. */
    record Elements(FieldShape each, int max, String beyond) implements FieldShape {}
}
