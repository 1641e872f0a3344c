package dev.wisp.contracts.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.contracts.bus.WireJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LimitsTest {

    private static final long MEMORY = 64L << 20;

    /** Of a platform of before, and of one of after. */
    @Test
    void whatSaysNothingOfARequestHasNone() {
        String before = "{\"cpuMillicores\":500,\"memoryBytes\":67108864,\"pidsMax\":64,\"writableBytesMax\":65536}";

        assertThat(WireJson.read(before.getBytes(StandardCharsets.UTF_8), Limits.class))
                .isEqualTo(new Limits(500, MEMORY, 64, 1 << 16, 0));
    }

    @Test
    void setsNoMoreAsideThanMayBeUsed() {
        assertThat(new Limits(500, MEMORY, 64, 1 << 16, 500).cpuRequestMillicores())
                .isEqualTo(500);
        assertThatThrownBy(() -> new Limits(500, MEMORY, 64, 1 << 16, 501))
                .hasMessage("cpuRequestMillicores=501, must be 0..cpuMillicores=500");
    }
}
