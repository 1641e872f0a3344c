package dev.wisp.node.cgroup;

import dev.wisp.node.linux.Descriptors;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A folder of one name in every v1 hierarchy that Wisp uses. */
final class CgroupV1Tree implements CgroupTree {

    static final String CPU = "cpu";
    static final String CPUACCT = "cpuacct";
    static final String MEMORY = "memory";
    static final String PIDS = "pids";
    static final String FREEZER = "freezer";

    private static final List<String> CONTROLLERS = List.of(CPU, CPUACCT, PIDS, FREEZER, MEMORY);

    private final Descriptors files;
    private final Map<String, String> roots;
    private final boolean limitsSwap;
    private final CounterFile cpu;
    private final GroupKill kill;

    CgroupV1Tree(Descriptors files, GroupKill kill, CgroupMounts mounts, String name) {
        this.kill = kill;
        this.files = files;
        this.roots = CONTROLLERS.stream()
                .collect(Collectors.toMap(
                        Function.identity(), controller -> mounts.controllers().get(controller) + "/" + name));
        roots.values().stream().distinct().forEach(root -> files.makeFolder(root, 0755));
        this.cpu = CounterFile.kept(files, root(CPUACCT) + "/cpuacct.usage");
        this.limitsSwap = files.readText(root(MEMORY) + "/memory.memsw.limit_in_bytes") != null;
    }

    static List<String> missing(CgroupMounts mounts) {
        return CONTROLLERS.stream()
                .filter(controller -> !mounts.controllers().containsKey(controller))
                .toList();
    }

    @Override
    public Cgroup create(String name) {
        Map<String, String> folders = roots.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, root -> root.getValue() + "/" + name));
        folders.values().stream().distinct().forEach(folder -> files.makeFolder(folder, 0755));
        return new CgroupV1(files, kill, folders, limitsSwap);
    }

    /** A group has one name in all hierarchies, and a process frozen in one of them cannot die in any. */
    @Override
    public int removeLeftovers() {
        return new CgroupLeftovers(files, kill)
                .remove(
                        roots.values(),
                        name -> files.tryWriteText(root(FREEZER) + "/" + name + "/freezer.state", "THAWED"));
    }

    @Override
    public Set<String> groups() {
        return CgroupLeftovers.names(roots.values());
    }

    @Override
    public long cpuMicros() {
        return cpu.read() / 1000;
    }

    @Override
    public String folder() {
        return root(MEMORY);
    }

    private String root(String controller) {
        String root = roots.get(controller);
        if (root == null) {
            throw new IllegalArgumentException("controller=%s, not used".formatted(controller));
        }
        return root;
    }

    @Override
    public String version() {
        return "v1";
    }

    @Override
    public void close() {
        cpu.close();
        roots.values().stream().distinct().forEach(files::removeFolder);
    }
}
