package dev.wisp.bench.warm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SteadyPolicyTest {

    @Test
    void isNotSteadyBeforeThreeRounds() {
        assertThat(SteadyPolicy.isSteady(List.of())).isFalse();
        assertThat(SteadyPolicy.isSteady(List.of(40.0, 40.0))).isFalse();
    }

    @Test
    void isNotSteadyWhileACallTakesLessEachTime() {
        assertThat(SteadyPolicy.isSteady(List.of(70.0, 60.0, 52.0))).isFalse();
        assertThat(SteadyPolicy.isSteady(List.of(70.0, 45.0, 43.0, 41.0))).isFalse();
    }

    @Test
    void isSteadyWhenTheLastThreeAgree() {
        assertThat(SteadyPolicy.isSteady(List.of(70.0, 60.0, 41.0, 40.0, 41.5))).isTrue();
    }
}
