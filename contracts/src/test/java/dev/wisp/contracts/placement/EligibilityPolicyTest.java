package dev.wisp.contracts.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.placement.EligibilityPolicy.Eligibility;
import dev.wisp.contracts.placement.EligibilityPolicy.Level;
import dev.wisp.contracts.placement.NodeRequirement.Operator;
import dev.wisp.contracts.placement.Taint.Effect;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EligibilityPolicyTest {

    private static final Map<String, String> LABELS = Map.of("disk", "ssd", "zone", "b", "cores", "16");

    @Test
    void anyNodeIsWelcomeWithoutTerms() {
        assertThat(EligibilityPolicy.decide(PlacementSpec.ANYWHERE, Map.of(), List.of()))
                .isEqualTo(new Eligibility(Level.WELCOME, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "disk, IN, ssd, true",
        "disk, IN, hdd, false",
        "none, IN, ssd, false",
        "disk, NOT_IN, hdd, true",
        "disk, NOT_IN, ssd, false",
        "none, NOT_IN, ssd, true",
        "disk, EXISTS, , true",
        "none, EXISTS, , false",
        "none, DOES_NOT_EXIST, , true",
        "disk, DOES_NOT_EXIST, , false",
        "cores, GT, 8, true",
        "cores, GT, 16, false",
        "cores, LT, 17, true",
        "disk, LT, 17, false"
    })
    void conditionsReadAsInKubernetes(String label, Operator operator, String value, boolean met) {
        NodeRequirement requirement = new NodeRequirement(label, operator, value == null ? List.of() : List.of(value));

        assertThat(requirement.isMetBy(LABELS)).isEqualTo(met);
    }

    @Test
    void oneOfTheTermsIsEnough() {
        PlacementSpec placement = required(term("zone", "a"), term("zone", "b"));

        assertThat(EligibilityPolicy.decide(placement, LABELS, List.of()).level())
                .isEqualTo(Level.WELCOME);
    }

    @Test
    void aNodeWithOtherLabelsKeepsWhatRunsAndSaysWhatIsMissing() {
        assertThat(EligibilityPolicy.decide(required(term("disk", "nvme")), LABELS, List.of()))
                .isEqualTo(new Eligibility(Level.KEPT, "no match for disk=nvme"));
    }

    @ParameterizedTest
    @CsvSource({"gpu=true:PreferNoSchedule, AVOIDED", "gpu=true:NoSchedule, KEPT", "gpu=true:NoExecute, EVICTED"})
    void aTaintThatIsNotToleratedActsByItsEffect(String taint, Level level) {
        assertThat(EligibilityPolicy.decide(PlacementSpec.ANYWHERE, LABELS, List.of(Taint.parse(taint))))
                .isEqualTo(new Eligibility(level, "taint " + taint));
    }

    @Test
    void theGravestTaintCounts() {
        List<Taint> taints =
                List.of(Taint.parse("a:NoExecute"), Taint.parse("b:PreferNoSchedule"), Taint.parse("c:NoSchedule"));

        assertThat(EligibilityPolicy.decide(PlacementSpec.ANYWHERE, LABELS, taints)
                        .reason())
                .isEqualTo("taint a:NoExecute");
    }

    @Test
    void tolerationsMatchByKeyValueAndEffect() {
        Taint taint = Taint.parse("gpu=a100:NoSchedule");

        assertThat(new Toleration("gpu", "a100", Effect.NO_SCHEDULE).covers(taint))
                .isTrue();
        assertThat(new Toleration("gpu", null, null).covers(taint)).isTrue();
        assertThat(new Toleration("", null, null).covers(taint)).isTrue();
        assertThat(new Toleration("gpu", "h100", null).covers(taint)).isFalse();
        assertThat(new Toleration("gpu", null, Effect.NO_EXECUTE).covers(taint)).isFalse();
        assertThat(new Toleration("other", null, null).covers(taint)).isFalse();
    }

    @Test
    void taintsAreWrittenAsKubectlWritesThem() {
        assertThat(Taint.parse("example.com/gpu=true:NoSchedule"))
                .isEqualTo(new Taint("example.com/gpu", "true", Effect.NO_SCHEDULE))
                .hasToString("example.com/gpu=true:NoSchedule");
        assertThat(Taint.parse("spot:NoExecute")).hasToString("spot:NoExecute");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "gpu=true", "gpu=true:Never", "=x:NoSchedule", "a b:NoSchedule"})
    void otherTextIsNoTaint(String text) {
        assertThatThrownBy(() -> Taint.parse(text)).hasMessageContaining("KEY[=VALUE]:EFFECT");
    }

    @Test
    void conditionsAreBoundedAndWellFormed() {
        assertThatThrownBy(() -> new NodeRequirement("a", Operator.IN, List.of()))
                .hasMessageContaining("1 to 32");
        assertThatThrownBy(() -> new NodeRequirement("a", Operator.EXISTS, List.of("x")))
                .hasMessageContaining("takes no values");
        assertThatThrownBy(() -> new NodeRequirement("a", Operator.GT, List.of("x")))
                .hasMessageContaining("whole number");
        assertThatThrownBy(() -> new NodeTerm(List.of())).hasMessageContaining("1..32");
        assertThatThrownBy(() -> new PlacementSpec.Preference(0, term("a", "b")))
                .hasMessageContaining("1..100");
    }

    private static NodeTerm term(String label, String value) {
        return new NodeTerm(List.of(NodeRequirement.is(label, value)));
    }

    private static PlacementSpec required(NodeTerm... terms) {
        return new PlacementSpec(List.of(terms), List.of(), List.of(), null);
    }
}
