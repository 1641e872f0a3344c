package dev.wisp.controller.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.placement.NodeRequirement;
import dev.wisp.contracts.placement.NodeRequirement.Operator;
import dev.wisp.contracts.placement.NodeTerm;
import dev.wisp.contracts.placement.PlacementSpec;
import dev.wisp.contracts.placement.PlacementSpec.Preference;
import dev.wisp.contracts.placement.Taint.Effect;
import dev.wisp.contracts.placement.Toleration;
import dev.wisp.contracts.problem.Problem.FieldError;
import dev.wisp.controller.policy.ServiceDraft.Expression;
import dev.wisp.controller.policy.ServiceDraft.NodeChoice;
import dev.wisp.controller.policy.ServiceDraft.Preferred;
import dev.wisp.controller.policy.ServiceDraft.Spread;
import dev.wisp.controller.policy.ServiceDraft.Term;
import dev.wisp.controller.policy.ServiceDraft.Tolerated;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementPolicyTest {

    private static final String SPEC = "/spec/template/spec";

    private final Findings findings = new Findings();

    @Test
    void whoAsksForNothingRunsAnywhere() {
        assertThat(PlacementPolicy.placement(NodeChoice.NONE, findings)).isEqualTo(PlacementSpec.ANYWHERE);
    }

    @Test
    void theSelectorIsPartOfEveryTerm() {
        NodeChoice choice = new NodeChoice(
                Map.of("disk", "ssd"),
                List.of(term("zone", "In", "a", "b"), term("cores", "Gt", "8")),
                List.of(new Preferred(20, term("zone", "In", "a"))),
                List.of(new Tolerated("gpu", "Exists", null, "NoSchedule"), new Tolerated("spot", null, "yes", null)),
                List.of(new Spread("zone", 1, "ScheduleAnyway")));

        PlacementSpec placement = PlacementPolicy.placement(choice, findings);

        assertThat(findings.errors()).isEmpty();
        NodeRequirement ssd = NodeRequirement.is("disk", "ssd");
        assertThat(placement)
                .isEqualTo(new PlacementSpec(
                        List.of(
                                new NodeTerm(List.of(ssd, new NodeRequirement("zone", Operator.IN, List.of("a", "b")))),
                                new NodeTerm(List.of(ssd, new NodeRequirement("cores", Operator.GT, List.of("8"))))),
                        List.of(new Preference(20, new NodeTerm(List.of(NodeRequirement.is("zone", "a"))))),
                        List.of(new Toleration("gpu", null, Effect.NO_SCHEDULE), new Toleration("spot", "yes", null)),
                        "zone"));
    }

    @ParameterizedTest
    @CsvSource({
        "Equal, , x, , /tolerations/0/key, is missing",
        "Exists, a, x, , /tolerations/0/value, no meaning",
        "Never, a, x, , /tolerations/0/operator, Equal or Exists",
        "Equal, a, x, Sometimes, /tolerations/0/effect, NoSchedule"
    })
    void tolerationsThatMeanNothingAreRefused(
            String operator, String key, String value, String effect, String pointer, String why) {
        NodeChoice choice = new NodeChoice(
                Map.of(), List.of(), List.of(), List.of(new Tolerated(key, operator, value, effect)), List.of());

        assertRefused(choice, pointer, why);
    }

    @ParameterizedTest
    @CsvSource({
        "a b, In, x, /0/matchExpressions/0/key, not a label name",
        "a, Like, x, /0/matchExpressions/0/operator, must be In",
        "a, Gt, many, /0/matchExpressions/0/values, whole number",
        "a, Exists, x, /0/matchExpressions/0/values, no values"
    })
    void conditionsThatMeanNothingAreRefused(String key, String operator, String value, String pointer, String why) {
        NodeChoice choice =
                new NodeChoice(Map.of(), List.of(term(key, operator, value)), List.of(), List.of(), List.of());

        assertRefused(
                choice,
                "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms" + pointer,
                why);
    }

    @Test
    void spreadingThatCannotBePromisedIsRefused() {
        NodeChoice choice = new NodeChoice(
                Map.of(), List.of(), List.of(), List.of(), List.of(new Spread("zone", 1, "DoNotSchedule")));

        assertRefused(choice, "/topologySpreadConstraints/0/whenUnsatisfiable", "ScheduleAnyway");
    }

    @Test
    void listsAreBounded() {
        NodeChoice choice = new NodeChoice(
                Map.of(), Collections.nCopies(17, term("a", "In", "b")), List.of(), List.of(), List.of());

        assertRefused(
                choice,
                "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms",
                "at most 16");
    }

    private void assertRefused(NodeChoice choice, String pointer, String why) {
        PlacementPolicy.placement(choice, findings);

        assertThat(findings.errors()).singleElement().satisfies((FieldError error) -> {
            assertThat(error.pointer()).isEqualTo(SPEC + pointer);
            assertThat(error.detail()).contains(why);
        });
    }

    private static Term term(String key, String operator, String... values) {
        return new Term(List.of(new Expression(key, operator, List.of(values))));
    }
}
