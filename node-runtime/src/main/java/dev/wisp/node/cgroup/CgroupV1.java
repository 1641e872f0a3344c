package dev.wisp.node.cgroup;

import dev.wisp.node.linux.Descriptors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A group in the v1 hierarchies. The memory hierarchy is apart, so it can be joined last. */
final class CgroupV1 implements Cgroup {

    private static final long CPU_SHARES_AT_FIRST = 1024;

    private final Descriptors files;
    private final Map<String, String> folders;
    private final CounterFile cpu;
    private final boolean limitsSwap;
    private final GroupKill kill;
    private @Nullable CgroupLimits limits;

    /**
     * @param folders by controller
     * @param limitsSwap whether the kernel counts swap
     */
    CgroupV1(Descriptors files, GroupKill kill, Map<String, String> folders, boolean limitsSwap) {
        this.kill = kill;
        this.files = files;
        this.limitsSwap = limitsSwap;
        this.folders = Map.copyOf(folders);
        this.cpu = new CounterFile(files, file(CgroupV1Tree.CPUACCT, "cpuacct.usage"));
    }

    @Override
    public @Nullable String birthFolder() {
        return null;
    }

    @Override
    public List<String> joinFilesEarly() {
        String memory = folder(CgroupV1Tree.MEMORY);
        return folders.values().stream()
                .distinct()
                .filter(folder -> !folder.equals(memory))
                .sorted()
                .map(folder -> folder + "/tasks")
                .toList();
    }

    @Override
    public String joinFileLast() {
        return file(CgroupV1Tree.MEMORY, "tasks");
    }

    /**
     * Writes only what differs: each write costs 10 to 36 µs, and a parked sandbox usually has the right limits already. A new group has the period of 100
     * ms, and shares of 1024, whatever its parent has.
     */
    @Override
    public synchronized void limit(CgroupLimits wanted) {
        CgroupLimits now = limits;
        if (now == null || now.cpuMillicores() != wanted.cpuMillicores()) {
            files.writeText(file(CgroupV1Tree.CPU, "cpu.cfs_quota_us"), String.valueOf(wanted.cpuQuotaMicros()));
        }
        if (wanted.cpuShares() != (now == null ? CPU_SHARES_AT_FIRST : now.cpuShares())) {
            files.writeText(file(CgroupV1Tree.CPU, "cpu.shares"), String.valueOf(wanted.cpuShares()));
        }
        if (now == null || now.pidsMax() != wanted.pidsMax()) {
            files.writeText(file(CgroupV1Tree.PIDS, "pids.max"), String.valueOf(wanted.pidsMax()));
        }
        if (now == null || now.memoryBytes() != wanted.memoryBytes()) {
            limitMemory(String.valueOf(wanted.memoryBytes()));
        }
        limits = wanted;
    }

    /** Memory with swap may never be below memory, so that which one is written first depends on the direction. */
    private void limitMemory(String bytes) {
        String memory = file(CgroupV1Tree.MEMORY, "memory.limit_in_bytes");
        String withSwap = file(CgroupV1Tree.MEMORY, "memory.memsw.limit_in_bytes");
        if (files.tryWriteText(memory, bytes) < 0) {
            files.tryWriteText(withSwap, bytes);
            files.writeText(memory, bytes);
        }
        // Where the kernel does not count swap there is none to limit, or the host has chosen not to.
        if (limitsSwap) {
            files.tryWriteText(withSwap, bytes);
        }
    }

    @Override
    public void limitRunning(CgroupLimits wanted) {}

    @Override
    public CgroupUsage usage() {
        return new CgroupUsage(
                cpuMicros(),
                memoryBytes(),
                CgroupText.number(files.readText(file(CgroupV1Tree.MEMORY, "memory.max_usage_in_bytes"))));
    }

    @Override
    public long cpuMicros() {
        return cpu.read() / 1000;
    }

    @Override
    public long memoryBytes() {
        return CgroupText.number(files.readText(file(CgroupV1Tree.MEMORY, "memory.usage_in_bytes")));
    }

    @Override
    public List<Long> threads() {
        return CgroupText.listed(file(CgroupV1Tree.PIDS, "tasks"));
    }

    @Override
    public long outOfMemoryKills() {
        return CgroupText.field(files.readText(file(CgroupV1Tree.MEMORY, "memory.oom_control")), "oom_kill");
    }

    @Override
    public long processesRefused() {
        return CgroupText.field(files.readText(file(CgroupV1Tree.PIDS, "pids.events")), "max");
    }

    @Override
    public void freeze() {
        cpu.rest();
        files.writeText(file(CgroupV1Tree.FREEZER, "freezer.state"), "FROZEN");
    }

    @Override
    public boolean standsStill() {
        return "FROZEN".equals(CgroupText.line(files.readText(file(CgroupV1Tree.FREEZER, "freezer.state"))));
    }

    @Override
    public void thaw() {
        files.writeText(file(CgroupV1Tree.FREEZER, "freezer.state"), "THAWED");
    }

    /**
     * Not in one step: what forks meanwhile is met by the next call. What is removed by halves names its processes in the folders that are left, and may have no
     * freezer any more, and then nothing frozen by it. One folder is enough of a whole one: every sandbox ends here.
     */
    @Override
    public void kill() {
        if (Files.isDirectory(Path.of(folder(CgroupV1Tree.PIDS)))) {
            kill.kill(() -> CgroupText.listed(file(CgroupV1Tree.PIDS, "cgroup.procs")));
        } else {
            folders.values().stream()
                    .distinct()
                    .forEach(folder -> kill.kill(() -> CgroupText.listed(folder + "/cgroup.procs")));
        }
        files.tryWriteText(file(CgroupV1Tree.FREEZER, "freezer.state"), "THAWED");
    }

    @Override
    public boolean remove() {
        cpu.close();
        return folders.values().stream().distinct().allMatch(folder -> CgroupText.isGone(files.removeFolder(folder)));
    }

    private String folder(String controller) {
        String folder = folders.get(controller);
        if (folder == null) {
            throw new IllegalArgumentException("controller=%s, not used".formatted(controller));
        }
        return folder;
    }

    private String file(String controller, String name) {
        return folder(controller) + "/" + name;
    }
}
