package dev.wisp.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.bench.process.JvmThreads.Part;
import dev.wisp.bench.process.JvmThreads.Used;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JvmThreadsTest {

    @Test
    void addsUpWhatThreadsUsed() {
        Map<Part, Used> used = JvmThreads.parse("""
                4711:
                Full thread dump OpenJDK 64-Bit Server VM:

                "vert.x-eventloop-thread-0" #52 [99] prio=5 os_prio=0 cpu=1000.50ms elapsed=100.10s allocated=20M defined_classes=17 tid=0x1 nid=99 runnable  [0x2]
                   java.lang.Thread.State: RUNNABLE
                "vert.x-eventloop-thread-1" #53 [98] prio=5 os_prio=0 cpu=0.50ms elapsed=100.10s allocated=1K defined_classes=0 tid=0x1 nid=98 runnable  [0x2]
                "C2 CompilerThread0" #20 [97] daemon prio=9 os_prio=0 cpu=30.00ms elapsed=100.10s allocated=100B defined_classes=0 tid=0x1 nid=97 waiting
                "kafka-producer-network-thread | wisp-batch" #60 [96] daemon prio=5 os_prio=0 cpu=2.00ms elapsed=9.10s allocated=11M defined_classes=1 tid=0x1 nid=96 runnable
                "data-plane-kafka-request-handler-1" #61 [95] daemon prio=5 os_prio=0 cpu=3.00ms elapsed=9.10s allocated=11M defined_classes=1 tid=0x1 nid=95 runnable
                "VM Thread" os_prio=0 cpu=5.00ms elapsed=100.10s tid=0x1 nid=94 runnable
                """);

        assertThat(used.get(Part.EVENT_LOOPS)).isEqualTo(new Used(1_001_000, 20 * (1 << 20) + 1_024));
        assertThat(used.get(Part.COMPILERS)).isEqualTo(new Used(30_000, 100));
        assertThat(of(used, Part.RECORDS).cpuMicros()).isEqualTo(2_000);
        assertThat(of(used, Part.BROKER).cpuMicros()).isEqualTo(3_000);
        assertThat(used.get(Part.COLLECTOR)).isEqualTo(new Used(5_000, 0));
        assertThat(used.get(Part.LEDGER)).isEqualTo(new Used(0, 0));
    }

    @Test
    void looksAtAProcessThatRuns() {
        Map<Part, Used> used = JvmThreads.read(ProcessHandle.current().pid());

        assertThat(of(used, Part.REST).cpuMicros()).isPositive();
    }

    private static Used of(Map<Part, Used> used, Part part) {
        return used.getOrDefault(part, Used.NONE);
    }
}
