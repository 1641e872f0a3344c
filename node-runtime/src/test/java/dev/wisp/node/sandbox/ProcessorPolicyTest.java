package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessorPolicyTest {

    private static final BitSet FOUR = processors(0, 1, 2, 3);

    @Test
    void halfOfAProcessorIsHeavyAndAQuarterIsNotCalm() {
        assertThat(ProcessorPolicy.isHeavy(10_000, 20_000)).isTrue();
        assertThat(ProcessorPolicy.isHeavy(9_999, 20_000)).isFalse();
        assertThat(ProcessorPolicy.isCalm(5_000, 20_000)).isFalse();
        assertThat(ProcessorPolicy.isCalm(4_999, 20_000)).isTrue();
    }

    @Test
    void limitIsRoundedUpToWholeProcessors() {
        assertThat(ProcessorPolicy.needed(1)).isEqualTo(1);
        assertThat(ProcessorPolicy.needed(1_000)).isEqualTo(1);
        assertThat(ProcessorPolicy.needed(1_001)).isEqualTo(2);
    }

    @Test
    void whoMayUseAllIsKeptToNone() {
        assertThat(ProcessorPolicy.choose(3_001, FOUR, List.of())).isEqualTo(FOUR);
        assertThat(ProcessorPolicy.choose(64_000, FOUR, List.of())).isEqualTo(FOUR);
    }

    @Test
    void smallOnesShareAProcessorUntilItIsFull() {
        List<ProcessorPolicy.Kept> quarters = List.of(kept(250, 3), kept(500, 3));

        assertThat(ProcessorPolicy.choose(250, FOUR, quarters)).isEqualTo(processors(3));
        assertThat(ProcessorPolicy.choose(251, FOUR, quarters)).isEqualTo(processors(2));
    }

    @Test
    void fullerOfTwoThatFitIsTaken() {
        List<ProcessorPolicy.Kept> others = List.of(kept(100, 1), kept(300, 2));

        assertThat(ProcessorPolicy.choose(500, FOUR, others)).isEqualTo(processors(2));
    }

    @Test
    void whoFitsNowhereIsKeptToNone() {
        BitSet two = processors(0, 1);
        List<ProcessorPolicy.Kept> others = List.of(kept(600, 1), kept(600, 0));

        assertThat(ProcessorPolicy.choose(600, two, others))
                .as("800 of 2,000 are free, but on no processor 600")
                .isEqualTo(two);
    }

    @Test
    void loadOfTwoProcessorsCountsHalfOnEach() {
        List<ProcessorPolicy.Kept> others = List.of(kept(1_200, 2, 3));

        assertThat(ProcessorPolicy.choose(400, FOUR, others)).isEqualTo(processors(3));
        assertThat(ProcessorPolicy.choose(1_000, FOUR, others)).isEqualTo(processors(1));
        assertThat(ProcessorPolicy.choose(2_000, FOUR, others)).isEqualTo(processors(0, 1));
    }

    @Test
    void processorsOfTheHostNeedNotBeNumberedThrough() {
        assertThat(ProcessorPolicy.choose(1_000, processors(5, 70), List.of())).isEqualTo(processors(70));
    }

    private static ProcessorPolicy.Kept kept(int millicores, int... processors) {
        return new ProcessorPolicy.Kept(millicores, processors(processors));
    }

    private static BitSet processors(int... numbers) {
        BitSet processors = new BitSet();
        for (int number : numbers) {
            processors.set(number);
        }
        return processors;
    }
}
