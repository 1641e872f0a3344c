package dev.wisp.node.cgroup;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Errno;
import dev.wisp.node.linux.ErrnoException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A folder in the unified hierarchy, with its controllers switched on for what is below.
 *
 * <p>Inside a container the hierarchy's top is the container's own group, with the container's processes in it, and the kernel lets a group either have
 * processes or pass on controllers. They are moved to a group beside the branch then, as everybody does who starts containers in containers.
 */
final class CgroupV2Tree implements CgroupTree {

    private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids");
    private static final String ALL_ON = "+cpu +memory +pids";
    private static final String BESIDE = "-host";
    private static final int MOVE_ROUNDS_MAX = 16;

    private final Descriptors files;
    private final String mount;
    private final String name;
    private final String root;
    private final CounterFile cpu;
    private final GroupKill kill;

    CgroupV2Tree(Descriptors files, GroupKill kill, CgroupMounts mounts, String name) {
        this.kill = kill;
        this.files = files;
        this.mount = Objects.requireNonNull(mounts.unified());
        this.name = name;
        this.root = mount + "/" + name;
        // Its first line is usage_usec.
        this.cpu = CounterFile.kept(files, root + "/cpu.stat");
        files.makeFolder(root, 0755);
        switchOn(mount);
        switchOn(root);
    }

    private void switchOn(String folder) {
        String control = folder + "/cgroup.subtree_control";
        long result = files.tryWriteText(control, ALL_ON);
        if (result == -Errno.EBUSY) {
            makeRoom(folder);
            result = files.tryWriteText(control, ALL_ON);
        }
        if (result < 0) {
            throw new ErrnoException("write", (int) -result, control + " <- " + ALL_ON);
        }
    }

    /** A process that ends, or is a kernel's, cannot be moved; what matters is whether the folder is empty in the end. */
    private void makeRoom(String folder) {
        String beside = mount + "/" + name + BESIDE;
        files.makeFolder(beside, 0755);
        for (int round = 0; round < MOVE_ROUNDS_MAX; round++) {
            List<Long> there = CgroupText.listed(folder + "/cgroup.procs");
            there.forEach(pid -> files.tryWriteText(beside + "/cgroup.procs", Long.toString(pid)));
            if (there.isEmpty()) {
                return;
            }
        }
    }

    static List<String> missing(Descriptors files, CgroupMounts mounts) {
        String unified = mounts.unified();
        String text = unified == null ? null : files.readText(unified + "/cgroup.controllers");
        List<String> there =
                text == null ? List.of() : Arrays.asList(text.strip().split(" "));
        return CONTROLLERS.stream()
                .filter(controller -> !there.contains(controller))
                .toList();
    }

    @Override
    public Cgroup create(String name) {
        String folder = root + "/" + name;
        files.makeFolder(folder, 0755);
        return new CgroupV2(files, folder);
    }

    @Override
    public int removeLeftovers() {
        return new CgroupLeftovers(files, kill)
                .remove(List.of(root), group -> files.tryWriteText(root + "/" + group + "/cgroup.kill", "1"));
    }

    @Override
    public Set<String> groups() {
        return CgroupLeftovers.names(List.of(root));
    }

    @Override
    public long cpuMicros() {
        return cpu.read();
    }

    @Override
    public String folder() {
        return root;
    }

    @Override
    public String version() {
        return "v2";
    }

    @Override
    public void close() {
        cpu.close();
        files.removeFolder(root);
    }
}
