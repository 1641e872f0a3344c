package dev.wisp.node.cgroup;

import dev.wisp.node.linux.Descriptors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A group in the unified hierarchy: one membership for all controllers, so the memory limit waits until the entrypoint runs. */
final class CgroupV2 implements Cgroup {

    private static final String NO_LIMIT = "max";

    private final Descriptors files;
    private final String folder;

    CgroupV2(Descriptors files, String folder) {
        this.files = files;
        this.folder = folder;
    }

    @Override
    public List<String> joinFilesEarly() {
        return List.of(folder + "/cgroup.procs");
    }

    @Override
    public @Nullable String joinFileLast() {
        return null;
    }

    @Override
    public void limit(CgroupLimits limits) {
        files.writeText(folder + "/cpu.max", limits.cpuQuotaMicros() + " " + CgroupLimits.CPU_PERIOD_MICROS);
        files.writeText(folder + "/pids.max", String.valueOf(limits.pidsMax()));
        files.tryWriteText(folder + "/memory.swap.max", "0");
        files.tryWriteText(folder + "/memory.oom.group", "0");
    }

    @Override
    public void limitRunning(CgroupLimits limits) {
        files.writeText(
                folder + "/memory.max", limits.memoryBytes() <= 0 ? NO_LIMIT : String.valueOf(limits.memoryBytes()));
    }

    @Override
    public CgroupUsage usage() {
        return new CgroupUsage(
                cpuMicros(),
                CgroupText.number(files.readText(folder + "/memory.current")),
                CgroupText.number(files.readText(folder + "/memory.peak")));
    }

    @Override
    public long cpuMicros() {
        return CgroupText.field(files.readText(folder + "/cpu.stat"), "usage_usec");
    }

    @Override
    public long outOfMemoryKills() {
        return CgroupText.field(files.readText(folder + "/memory.events"), "oom_kill");
    }

    @Override
    public void freeze() {
        files.writeText(folder + "/cgroup.freeze", "1");
    }

    @Override
    public void thaw() {
        files.writeText(folder + "/cgroup.freeze", "0");
    }

    @Override
    public boolean remove() {
        return CgroupText.isGone(files.removeFolder(folder));
    }
}
