package dev.wisp.node.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec.Allowed;
import dev.wisp.node.network.EgressPlanner.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EgressPlannerTest {

    private static final Allowed EVERYWHERE = new Allowed("0.0.0.0/0", 0, 65_535);
    private static final List<Cidr> TEN_NINE = List.of(Cidr.parse("10.9.0.0/16"));

    private static EgressPlan planned(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Planned.class);
        return ((Verdict.Planned) verdict).plan();
    }

    @Test
    void withoutAListOnlyThePublicInternetIsOpen() {
        assertThat(planned(EgressPlanner.plan(List.of(), TEN_NINE)))
                .isEqualTo(new EgressPlan(List.of(), List.of(EVERYWHERE)));
    }

    @Test
    void publicPlacesNeedNobodysLeave() {
        Allowed https = new Allowed("203.0.113.0/24", 443, 443);

        assertThat(planned(EgressPlanner.plan(List.of(https), List.of())))
                .isEqualTo(new EgressPlan(List.of(), List.of(https)));
    }

    @Test
    void privatePlacesNeedTheNodes() {
        Allowed database = new Allowed("10.9.1.2/32", 5432, 5432);

        assertThat(planned(EgressPlanner.plan(List.of(database), TEN_NINE)))
                .isEqualTo(new EgressPlan(List.of(database), List.of()));
        assertThat(EgressPlanner.plan(List.of(database), List.of()))
                .isEqualTo(new Verdict.Refused(
                        "10.9.1.2/32:5432 is a private range, and this node opens none to the account"));
        assertThat(EgressPlanner.plan(List.of(new Allowed("10.8.0.0/16", 80, 80)), TEN_NINE))
                .isEqualTo(
                        new Verdict.Refused("10.8.0.0/16:80 is a private range, and this node opens only [10.9.0.0/16]"
                                + " to the account"));
    }

    @Test
    void aWideListOpensNoMoreThanTheNodeDoes() {
        assertThat(planned(EgressPlanner.plan(List.of(new Allowed("10.0.0.0/8", 80, 80)), TEN_NINE)))
                .isEqualTo(new EgressPlan(List.of(new Allowed("10.9.0.0/16", 80, 80)), List.of()));
        assertThat(planned(EgressPlanner.plan(List.of(EVERYWHERE), TEN_NINE)))
                .isEqualTo(new EgressPlan(List.of(new Allowed("10.9.0.0/16", 0, 65_535)), List.of(EVERYWHERE)));
    }
}
