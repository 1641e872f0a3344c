package dev.wisp.node.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AddressPairsTest {

    private final AddressPairs pairs = new AddressPairs(4);

    @Test
    void givesEveryPairButTheUplinksOnce() {
        assertThat(new int[] {pairs.take(), pairs.take(), pairs.take(), pairs.take()})
                .containsExactly(1, 2, 3, -1);
    }

    @Test
    void usesOneGivenBackAsLateAsPossible() {
        int first = pairs.take();
        pairs.giveBack(first);

        assertThat(new int[] {pairs.take(), pairs.take(), pairs.take()}).containsExactly(2, 3, first);
    }
}
