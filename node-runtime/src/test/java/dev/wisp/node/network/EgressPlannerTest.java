package dev.wisp.node.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.Cidr;
import dev.wisp.contracts.revision.NetworkSpec;
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
        assertThat(planned(EgressPlanner.plan(spec(), TEN_NINE)))
                .isEqualTo(new EgressPlan(List.of(), List.of(EVERYWHERE), false));
    }

    private static NetworkSpec spec(Allowed... allow) {
        return new NetworkSpec(NetworkSpec.Mode.EGRESS, List.of(allow));
    }

    @Test
    void ipv6IsOpenForWhoAsksForIt() {
        Allowed everywhere = new Allowed("::/0", 0, 65_535);
        Allowed local = new Allowed("fd00:9::/32", 5432, 5432);
        NetworkSpec both = new NetworkSpec(NetworkSpec.Mode.EGRESS, List.of(), true);
        NetworkSpec inside = new NetworkSpec(NetworkSpec.Mode.EGRESS, List.of(local), true);

        assertThat(planned(EgressPlanner.plan(both, TEN_NINE)))
                .isEqualTo(new EgressPlan(List.of(), List.of(EVERYWHERE, everywhere), true));
        assertThat(EgressPlanner.plan(inside, TEN_NINE)).isInstanceOf(Verdict.Refused.class);
        assertThat(planned(EgressPlanner.plan(inside, List.of(Cidr.parse("fd00::/16")))))
                .isEqualTo(new EgressPlan(List.of(local), List.of(), true));
    }

    @Test
    void publicPlacesNeedNobodysLeave() {
        Allowed https = new Allowed("203.0.113.0/24", 443, 443);

        assertThat(planned(EgressPlanner.plan(spec(https), List.of())))
                .isEqualTo(new EgressPlan(List.of(), List.of(https), false));
    }

    @Test
    void privatePlacesNeedTheNodes() {
        Allowed database = new Allowed("10.9.1.2/32", 5432, 5432);

        assertThat(planned(EgressPlanner.plan(spec(database), TEN_NINE)))
                .isEqualTo(new EgressPlan(List.of(database), List.of(), false));
        assertThat(EgressPlanner.plan(spec(database), List.of()))
                .isEqualTo(new Verdict.Refused(
                        "10.9.1.2/32:5432 is a private range, and this node opens none to the account"));
        assertThat(EgressPlanner.plan(spec(new Allowed("10.8.0.0/16", 80, 80)), TEN_NINE))
                .isEqualTo(
                        new Verdict.Refused("10.8.0.0/16:80 is a private range, and this node opens only [10.9.0.0/16]"
                                + " to the account"));
    }

    @Test
    void aWideListOpensNoMoreThanTheNodeDoes() {
        assertThat(planned(EgressPlanner.plan(spec(new Allowed("10.0.0.0/8", 80, 80)), TEN_NINE)))
                .isEqualTo(new EgressPlan(List.of(new Allowed("10.9.0.0/16", 80, 80)), List.of(), false));
        assertThat(planned(EgressPlanner.plan(spec(EVERYWHERE), TEN_NINE)))
                .isEqualTo(new EgressPlan(List.of(new Allowed("10.9.0.0/16", 0, 65_535)), List.of(EVERYWHERE), false));
    }
}
