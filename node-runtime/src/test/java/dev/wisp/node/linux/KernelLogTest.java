package dev.wisp.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class KernelLogTest {

    @Test
    void readsWhoWasKilledAndWhatTheyHeld() {
        String record =
                "3,1204,6886226101,-;Memory cgroup out of memory: Killed process 6866 (my (odd) UID:0 x) total-vm:1352kB, "
                        + "anon-rss:2048kB, file-rss:0kB, shmem-rss:0kB, UID:1611006952 pgtables:36kB oom_score_adj:0\n";

        assertThat(KernelLog.Kill.parse(record))
                .isEqualTo(new KernelLog.Kill("my (odd) UID:0 x", 2L << 20, 1_611_006_952L));
    }

    @Test
    void otherRecordsAreNotKills() {
        assertThat(KernelLog.Kill.parse("6,1,2,-;eth0: link up\n")).isNull();
        assertThat(KernelLog.Kill.parse("")).isNull();
        assertThat(KernelLog.Kill.parse("Killed process 1 (x) total-vm:1kB, anon-rss:,"))
                .isNull();
    }
}
