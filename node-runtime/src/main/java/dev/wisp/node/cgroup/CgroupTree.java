package dev.wisp.node.cgroup;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Processes;
import java.util.List;
import java.util.Set;

/** Wisp's own branch of the host's control groups; nothing outside of it is ever written to. Thread-safe. */
public interface CgroupTree extends AutoCloseable {

    /** Makes the group of one sandbox. */
    Cgroup create(String name);

    /** Processor time of all sandboxes that ever were in the branch, those that are gone included, microseconds. */
    long cpuMicros();

    /** Names of the groups that there are in the branch. */
    Set<String> groups();

    /** Kills and removes whatever is in the branch: what a runtime of the same name has left. Returns how many groups there were. */
    int removeLeftovers();

    /** The folder that stands for the branch: whoever holds the lock on it owns the branch. */
    String folder();

    /** {@code v1} or {@code v2}, for people. */
    String version();

    /** Removes the branch; no sandbox may be left. */
    @Override
    void close();

    /**
     * The branch of that name, on whichever version has the controllers.
     *
     * @throws IllegalStateException naming what the host lacks
     */
    static CgroupTree open(Descriptors files, Processes processes, String name) {
        GroupKill kill = new GroupKill(processes);
        CgroupMounts mounts = CgroupMounts.read();
        List<String> missing = CgroupV1Tree.missing(mounts);
        if (missing.isEmpty()) {
            return new CgroupV1Tree(files, kill, mounts, name);
        }
        List<String> missingUnified = CgroupV2Tree.missing(files, mounts);
        if (missingUnified.isEmpty()) {
            return new CgroupV2Tree(files, kill, mounts, name);
        }
        throw new IllegalStateException(
                "cgroup controllers missing: v1 lacks %s, v2 lacks %s; mount them or boot with systemd.unified_cgroup_hierarchy=1"
                        .formatted(missing, missingUnified));
    }
}
