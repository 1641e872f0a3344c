package dev.wisp.contracts.placement;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One condition on a node's labels, as Kubernetes' {@code matchExpressions} have it.
 *
 * @param label name of the label
 * @param values what {@code IN} and {@code NOT_IN} look for, one whole number for {@code GT} and {@code LT}, none for the others; at most
 *     {@value #VALUES_MAX}
 */
public record NodeRequirement(String label, Operator operator, List<String> values) {

    public static final int VALUES_MAX = 32;

    /** How the label is looked at. As in Kubernetes, a node without the label meets {@code NOT_IN}. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST,
        GT,
        LT
    }

    public NodeRequirement {
        values = List.copyOf(values);
        String fault = fault(operator, values);
        if (fault != null) {
            throw new IllegalArgumentException("label %s: %s".formatted(label, fault));
        }
    }

    /** The condition that a label has a value. */
    public static NodeRequirement is(String label, String value) {
        return new NodeRequirement(label, Operator.IN, List.of(value));
    }

    boolean isMetBy(Map<String, String> labels) {
        String value = labels.get(label);
        return switch (operator) {
            case IN -> value != null && values.contains(value);
            case NOT_IN -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
            case GT -> value != null && isNumber(value) && Long.parseLong(value) > Long.parseLong(values.getFirst());
            case LT -> value != null && isNumber(value) && Long.parseLong(value) < Long.parseLong(values.getFirst());
        };
    }

    private static @Nullable String fault(Operator operator, List<String> values) {
        return switch (operator) {
            case IN, NOT_IN ->
                values.isEmpty() || values.size() > VALUES_MAX ? "needs 1 to %d values".formatted(VALUES_MAX) : null;
            case EXISTS, DOES_NOT_EXIST -> values.isEmpty() ? null : "takes no values";
            case GT, LT -> values.size() == 1 && isNumber(values.getFirst()) ? null : "needs one whole number";
        };
    }

    private static boolean isNumber(String text) {
        return text.matches("-?[0-9]{1,18}");
    }

    @Override
    public String toString() {
        return switch (operator) {
            case IN -> values.size() == 1 ? label + "=" + values.getFirst() : label + " in " + values;
            case NOT_IN -> label + " not in " + values;
            case EXISTS -> label;
            case DOES_NOT_EXIST -> "no " + label;
            case GT -> label + ">" + values.getFirst();
            case LT -> label + "<" + values.getFirst();
        };
    }
}
