package dev.wisp.node.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CgroupTest {

    @Test
    void findsEveryHierarchyOfAHybridHost() {
        CgroupMounts mounts = CgroupMounts.parse(List.of(
                "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw",
                "30 22 0:26 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct",
                "31 22 0:27 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory",
                "32 22 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate,favordynmods",
                "not a mount"));

        assertThat(mounts.controllers())
                .containsAllEntriesOf(Map.of(
                        "cpu", "/sys/fs/cgroup/cpu,cpuacct",
                        "cpuacct", "/sys/fs/cgroup/cpu,cpuacct",
                        "memory", "/sys/fs/cgroup/memory"));
        assertThat(mounts.unified()).isEqualTo("/sys/fs/cgroup/unified");
        assertThat(CgroupV1Tree.missing(mounts)).containsExactly("pids", "freezer");
    }

    /** Folders of a group go one by one, and one that still has a process stops that: the next attempt kills what is there and meets no freezer. */
    @Test
    void whatIsRemovedByHalvesCanBeKilledAgain(@TempDir Path parent) throws IOException, InterruptedException {
        Path folder = Files.createDirectory(parent.resolve("group"));
        Kernel kernel = Kernel.load();
        String gone = folder.resolve("gone").toString();
        Map<String, String> folders =
                Map.of(CgroupV1Tree.CPUACCT, folder.toString(), CgroupV1Tree.PIDS, gone, CgroupV1Tree.FREEZER, gone);
        Cgroup cgroup = new CgroupV1(new Descriptors(kernel), new GroupKill(new Processes(kernel)), folders, false);

        Process survivor = new ProcessBuilder("sleep", "600").start();
        Path named = Files.writeString(folder.resolve("cgroup.procs"), survivor.pid() + "\n");
        try {
            assertThatCode(cgroup::kill).doesNotThrowAnyException();
            assertThat(survivor.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            survivor.destroyForcibly();
        }
        Files.delete(named);
        assertThat(cgroup.remove()).isTrue();
        assertThat(folder).doesNotExist();
    }

    /** Its sandbox may have ended and been given back before its memory is limited, which on version 2 is when it runs; a limit that fails otherwise is none. */
    @Test
    void memoryOfWhoHasEndedIsNotLimited(@TempDir Path parent) throws IOException {
        CgroupLimits limits = new CgroupLimits(1000, 1 << 20, 16);
        Path there = Files.createDirectory(parent.resolve("there"));

        new CgroupV2(new Descriptors(Kernel.load()), parent.resolve("gone").toString()).limitRunning(limits);

        assertThatThrownBy(() -> new CgroupV2(new Descriptors(Kernel.load()), there.toString()).limitRunning(limits))
                .hasMessageContaining(there + "/memory.max <- 1048576");
    }

    @Test
    void readsNumbersAndFields() {
        String control = "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n";

        assertThat(CgroupText.field(control, "oom_kill")).isEqualTo(3);
        assertThat(CgroupText.field(control, "absent")).isZero();
        assertThat(CgroupText.field(null, "oom_kill")).isZero();
        assertThat(CgroupText.number("123\n")).isEqualTo(123);
        assertThat(CgroupText.number("max\n")).isZero();
        assertThat(CgroupText.number(null)).isZero();
        assertThat(CgroupText.ids("17\n4\n\n")).containsExactly(17L, 4L);
        assertThat(CgroupText.line("FROZEN\n")).isEqualTo("FROZEN");
        assertThat(CgroupText.line(null)).isEmpty();
    }

    @Test
    void weightIsAShareOfACoreWithinTheKernelsBounds() {
        assertThat(new CgroupLimits(1000, 1, 1).cpuShares()).isEqualTo(1024);
        assertThat(new CgroupLimits(1, 1, 1).cpuShares()).isEqualTo(2);
        assertThat(new CgroupLimits(500, 1, 1).cpuWeight()).isEqualTo(50);
        assertThat(new CgroupLimits(1, 1, 1).cpuWeight()).isEqualTo(1);
        assertThat(new CgroupLimits(1_000_000, 1, 1).cpuWeight()).isEqualTo(10_000);
    }

    @Test
    void quotaIsAShareOfThePeriodAndNeverBelowWhatTheKernelTakes() {
        assertThat(new CgroupLimits(1000, 1, 1).cpuQuotaMicros()).isEqualTo(100_000);
        assertThat(new CgroupLimits(2500, 1, 1).cpuQuotaMicros()).isEqualTo(250_000);
        assertThat(new CgroupLimits(1, 1, 1).cpuQuotaMicros()).isEqualTo(1_000);
    }
}
