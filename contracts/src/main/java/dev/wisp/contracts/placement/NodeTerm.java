package dev.wisp.contracts.placement;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conditions that must all hold; at most {@value #REQUIREMENTS_MAX}. */
public record NodeTerm(List<NodeRequirement> requirements) {

    public static final int REQUIREMENTS_MAX = 32;

    public NodeTerm {
        requirements = List.copyOf(requirements);
        if (requirements.isEmpty() || requirements.size() > REQUIREMENTS_MAX) {
            throw new IllegalArgumentException(
                    "%d conditions, must be 1..%d".formatted(requirements.size(), REQUIREMENTS_MAX));
        }
    }

    public boolean isMetBy(Map<String, String> labels) {
        return firstUnmet(labels) == null;
    }

    @Nullable
    NodeRequirement firstUnmet(Map<String, String> labels) {
        for (NodeRequirement requirement : requirements) {
            if (!requirement.isMetBy(labels)) {
                return requirement;
            }
        }
        return null;
    }
}
