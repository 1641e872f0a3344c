package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostMemoryTest {

    @Test
    void readsKibibytes() {
        List<String> lines =
                List.of("MemTotal:        8000000 kB", "MemAvailable:    2 kB", "HugePages_Total:       7");

        assertThat(HostMemory.bytes(lines, "MemTotal:")).isEqualTo(8_000_000.0 * 1_024);
        assertThat(HostMemory.bytes(lines, "MemAvailable:")).isEqualTo(2_048);
        assertThat(HostMemory.bytes(lines, "HugePages_Total:")).isNaN();
        assertThat(HostMemory.bytes(lines, "MemFree:")).isNaN();
    }

    @Test
    void thisHostHasSome() {
        assertThat(HostMemory.availableBytes()).isPositive().isLessThanOrEqualTo(HostMemory.sizeBytes());
    }
}
