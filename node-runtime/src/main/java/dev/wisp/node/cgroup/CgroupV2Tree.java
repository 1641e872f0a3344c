package dev.wisp.node.cgroup;

import dev.wisp.node.linux.Descriptors;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A folder in the unified hierarchy, with its controllers switched on for what is below. */
final class CgroupV2Tree implements CgroupTree {

    private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids");

    private final Descriptors files;
    private final String mount;
    private final String root;

    CgroupV2Tree(Descriptors files, CgroupMounts mounts, String name) {
        this.files = files;
        this.mount = Objects.requireNonNull(mounts.unified());
        this.root = mount + "/" + name;
        files.makeFolder(root, 0755);
        switchOn(mount);
        switchOn(root);
    }

    private void switchOn(String folder) {
        files.tryWriteText(folder + "/cgroup.subtree_control", "+cpu +memory +pids");
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
        return new CgroupLeftovers(files)
                .remove(List.of(root), name -> files.tryWriteText(root + "/" + name + "/cgroup.freeze", "0"));
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
        files.removeFolder(root);
    }
}
