package dev.wisp.autoscaler.keepalive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GapHistoryTest {

    @Test
    void isTheSameAfterItWasWrittenAndRead() {
        GapHistory history = new GapHistory();
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            history.add(random.nextDouble() * 1_000);
        }

        GapHistory again = GapHistory.of(history.toBytes()).orElseThrow();

        for (int bin = 0; bin < AgeBins.COUNT; bin++) {
            assertThat(again.hazard(bin)).isCloseTo(history.hazard(bin), within(history.hazard(bin) * 1e-5));
        }
    }

    @Test
    void isNotReadFromAnythingElse() {
        byte[] negative = new GapHistory().toBytes();
        ByteBuffer.wrap(negative).putFloat(0, -1);
        byte[] endless = new GapHistory().toBytes();
        ByteBuffer.wrap(endless).putFloat(4, Float.POSITIVE_INFINITY);

        assertThat(GapHistory.of(new byte[3])).isEmpty();
        assertThat(GapHistory.of(negative)).isEmpty();
        assertThat(GapHistory.of(endless)).isEmpty();
    }
}
