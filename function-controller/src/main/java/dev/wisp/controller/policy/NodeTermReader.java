package dev.wisp.controller.policy;

import dev.wisp.contracts.placement.NodeRequirement;
import dev.wisp.contracts.placement.NodeRequirement.Operator;
import dev.wisp.contracts.placement.NodeTerm;
import dev.wisp.controller.policy.ServiceDraft.Expression;
import dev.wisp.controller.policy.ServiceDraft.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads conditions on the labels of nodes. */
final class NodeTermReader {

    /** Half of a term: the other half is the node selector's. */
    static final int CONDITIONS_MAX = NodeTerm.REQUIREMENTS_MAX / 2;

    private static final Map<String, Operator> OPERATORS = Map.of(
            "In", Operator.IN,
            "NotIn", Operator.NOT_IN,
            "Exists", Operator.EXISTS,
            "DoesNotExist", Operator.DOES_NOT_EXIST,
            "Gt", Operator.GT,
            "Lt", Operator.LT);

    private final Findings findings;

    NodeTermReader(Findings findings) {
        this.findings = findings;
    }

    List<NodeRequirement> requirements(String pointer, Term term) {
        String at = pointer + "/matchExpressions";
        int size = term.expressions().size();
        if (size < 1 || size > CONDITIONS_MAX) {
            findings.add(at, "has %d conditions, must have 1..%d".formatted(size, CONDITIONS_MAX));
            return List.of();
        }
        List<NodeRequirement> requirements = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            NodeRequirement requirement =
                    requirement(at + "/" + i, term.expressions().get(i));
            if (requirement != null) {
                requirements.add(requirement);
            }
        }
        return requirements;
    }

    private @Nullable NodeRequirement requirement(String at, Expression expression) {
        String key = expression.key();
        if (key == null || !Names.isQualifiedName(key)) {
            findings.add(at + "/key", "is not a label name");
            return null;
        }
        Operator operator = expression.operator() == null ? null : OPERATORS.get(expression.operator());
        if (operator == null) {
            findings.add(at + "/operator", "must be In, NotIn, Exists, DoesNotExist, Gt or Lt");
            return null;
        }
        try {
            return new NodeRequirement(key, operator, expression.values());
        } catch (IllegalArgumentException e) {
            findings.add(at + "/values", String.valueOf(e.getMessage()));
            return null;
        }
    }
}
