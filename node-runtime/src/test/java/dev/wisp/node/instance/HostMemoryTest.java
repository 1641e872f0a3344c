package dev.wisp.node.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HostMemoryTest {

    private static final String MEMORY = """
            MemTotal:        8145512 kB
            MemFree:          201924 kB
            MemAvailable:    3145728 kB
            Buffers:          181920 kB
            """;

    @Test
    void readsWhatTheKernelWrites() {
        String pressure = """
                some avg10=12.34 avg60=1.00 avg300=0.10 total=123456
                full avg10=56.78 avg60=0.50 avg300=0.05 total=12345
                """;

        assertThat(HostMemory.parse(MEMORY, pressure)).isEqualTo(new HostMemory(8_145_512L << 10, 3L << 30, 12.34));
    }

    @Test
    void nobodyWaitsWhereTheKernelDoesNotSay() {
        assertThat(HostMemory.parse(MEMORY, "").stalledPercent()).isZero();
    }

    @Test
    void saysWhichLineIsMissing() {
        assertThatThrownBy(() -> HostMemory.parse("MemTotal: 1 kB", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MemAvailable");
    }

    @Test
    void readsThisMachines() {
        HostMemory now = HostMemory.read();

        assertThat(now.availableBytes()).isPositive().isLessThanOrEqualTo(now.totalBytes());
    }
}
