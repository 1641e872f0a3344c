package dev.wisp.controller.serving;

import dev.wisp.controller.policy.ServiceDraft.Expression;
import dev.wisp.controller.policy.ServiceDraft.NodeChoice;
import dev.wisp.controller.policy.ServiceDraft.Preferred;
import dev.wisp.controller.policy.ServiceDraft.Spread;
import dev.wisp.controller.policy.ServiceDraft.Term;
import dev.wisp.controller.policy.ServiceDraft.Tolerated;
import io.fabric8.knative.serving.v1.RevisionSpec;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PreferredSchedulingTerm;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes out of Knative's types what says on which nodes a revision may run; decides nothing. */
final class NodeChoiceReader {

    private NodeChoiceReader() {}

    static NodeChoice choice(RevisionSpec spec) {
        NodeAffinity affinity =
                spec.getAffinity() == null ? null : spec.getAffinity().getNodeAffinity();
        return new NodeChoice(
                spec.getNodeSelector() == null ? Map.of() : spec.getNodeSelector(),
                affinity == null ? List.of() : required(affinity),
                affinity == null ? List.of() : preferred(affinity),
                orEmpty(spec.getTolerations()).stream()
                        .map(toleration -> new Tolerated(
                                toleration.getKey(),
                                toleration.getOperator(),
                                toleration.getValue(),
                                toleration.getEffect()))
                        .toList(),
                orEmpty(spec.getTopologySpreadConstraints()).stream()
                        .map(spread ->
                                new Spread(spread.getTopologyKey(), spread.getMaxSkew(), spread.getWhenUnsatisfiable()))
                        .toList());
    }

    private static List<Term> required(NodeAffinity affinity) {
        NodeSelector selector = affinity.getRequiredDuringSchedulingIgnoredDuringExecution();
        return selector == null
                ? List.of()
                : orEmpty(selector.getNodeSelectorTerms()).stream()
                        .map(NodeChoiceReader::term)
                        .toList();
    }

    private static List<Preferred> preferred(NodeAffinity affinity) {
        List<PreferredSchedulingTerm> terms = affinity.getPreferredDuringSchedulingIgnoredDuringExecution();
        return orEmpty(terms).stream()
                .map(term -> new Preferred(term.getWeight(), term(term.getPreference())))
                .toList();
    }

    private static Term term(@Nullable NodeSelectorTerm term) {
        List<NodeSelectorRequirement> written = term == null ? List.of() : orEmpty(term.getMatchExpressions());
        return new Term(written.stream()
                .map(expression ->
                        new Expression(expression.getKey(), expression.getOperator(), orEmpty(expression.getValues())))
                .toList());
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
