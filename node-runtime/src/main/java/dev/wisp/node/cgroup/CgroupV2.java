package dev.wisp.node.cgroup;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.ErrnoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A group in the unified hierarchy: one membership for all controllers, so the memory limit waits until the entrypoint runs. */
final class CgroupV2 implements Cgroup {

    private static final String NO_LIMIT = "max";

    private final Descriptors files;
    private final String folder;
    private @Nullable CgroupLimits limits;
    private final CounterFile cpu;

    CgroupV2(Descriptors files, String folder) {
        this.files = files;
        this.folder = folder;
        // Its first line is usage_usec.
        this.cpu = new CounterFile(files, folder + "/cpu.stat");
    }

    @Override
    public String birthFolder() {
        return folder;
    }

    @Override
    public List<String> joinFilesEarly() {
        return List.of();
    }

    @Override
    public @Nullable String joinFileLast() {
        return null;
    }

    /** Writes only what differs, as on v1; swap, absent where the kernel does not count it, is switched off once. */
    @Override
    public synchronized void limit(CgroupLimits wanted) {
        CgroupLimits now = limits;
        if (now == null) {
            files.tryWriteText(folder + "/memory.swap.max", "0");
        }
        if (now == null || now.cpuMillicores() != wanted.cpuMillicores()) {
            files.writeText(folder + "/cpu.max", wanted.cpuQuotaMicros() + " " + CgroupLimits.CPU_PERIOD_MICROS);
            files.writeText(folder + "/cpu.weight", String.valueOf(wanted.cpuWeight()));
        }
        if (now == null || now.pidsMax() != wanted.pidsMax()) {
            files.writeText(folder + "/pids.max", String.valueOf(wanted.pidsMax()));
        }
        limits = wanted;
    }

    /** Of a program that has ended at once there may be no group any more. */
    @Override
    public void limitRunning(CgroupLimits limits) {
        String file = folder + "/memory.max";
        String text = limits.memoryBytes() <= 0 ? NO_LIMIT : String.valueOf(limits.memoryBytes());
        long result = files.tryWriteText(file, text);
        if (result < 0 && Files.isDirectory(Path.of(folder))) {
            throw new ErrnoException("write", (int) -result, file + " <- " + text);
        }
    }

    @Override
    public CgroupUsage usage() {
        return new CgroupUsage(cpuMicros(), memoryBytes(), CgroupText.number(files.readText(folder + "/memory.peak")));
    }

    @Override
    public long cpuMicros() {
        return cpu.read();
    }

    @Override
    public long memoryBytes() {
        return CgroupText.number(files.readText(folder + "/memory.current"));
    }

    @Override
    public List<Long> threads() {
        return CgroupText.listed(folder + "/cgroup.threads");
    }

    @Override
    public long outOfMemoryKills() {
        return CgroupText.field(files.readText(folder + "/memory.events"), "oom_kill");
    }

    @Override
    public long processesRefused() {
        return CgroupText.field(files.readText(folder + "/pids.events"), "max");
    }

    @Override
    public void freeze() {
        cpu.rest();
        files.writeText(folder + "/cgroup.freeze", "1");
    }

    /**
     * The word is of now, never of a freeze before. Who was thawed and has not been on a processor since counts as frozen again at once: it may be listed as able to run,
     * and goes back to standing still before anything of the program.
     */
    @Override
    public boolean standsStill() {
        return CgroupText.field(files.readText(folder + "/cgroup.events"), "frozen") == 1;
    }

    @Override
    public void thaw() {
        files.writeText(folder + "/cgroup.freeze", "0");
    }

    @Override
    public void kill() {
        files.writeText(folder + "/cgroup.kill", "1");
        thaw();
    }

    @Override
    public boolean remove() {
        cpu.close();
        return CgroupText.isGone(files.removeFolder(folder));
    }
}
