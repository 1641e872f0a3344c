package dev.wisp.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JvmMemoryTest {

    @Test
    void sumsThePartsOfASerialHeap() {
        assertThat(JvmMemory.heapBytes("""
                4711:
                DefNew     total 78656K, used 1024K [0x00000000d0000000, 0x00000000d5550000, 0x00000000e0000000)
                  eden space 69952K,   1% used [0x00000000d0000000, 0x00000000d0100000, 0x00000000d4450000)
                  from space 8704K,   0% used [0x00000000d4450000, 0x00000000d4450000, 0x00000000d4cd0000)
                Tenured    total 174784K, used 60000K [0x00000000e0000000, 0x00000000eaab0000, 0x0000000100000000)
                Metaspace       used 90000K, committed 91000K, reserved 1179648K
                  class space    used 10000K, committed 10500K, reserved 1048576K
                """)).isEqualTo(61_024 * 1024);
    }

    @Test
    void readsAHeapOfRegions() {
        assertThat(JvmMemory.heapBytes("""
                4711:
                garbage-first heap   total reserved 786432K, committed 262144K, used 44032K [0x1, 0x2)
                  region size 1024K, 5 young (5120K), 1 survivors (1024K)
                Metaspace       used 90000K, committed 91000K, reserved 1179648K
                """)).isEqualTo(44_032 * 1024);
    }

    @Test
    void looksAtAProcessThatRuns() {
        long self = ProcessHandle.current().pid();

        assertThat(JvmMemory.residentBytes(self)).isGreaterThan(1 << 20);
        assertThat(JvmMemory.heapBytesCollected(self)).isBetween(1L << 20, JvmMemory.residentBytes(self));
    }
}
