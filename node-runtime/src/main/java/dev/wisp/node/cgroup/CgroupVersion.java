package dev.wisp.node.cgroup;

import dev.wisp.node.linux.Descriptors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Which control groups of a host Wisp would use, without making any.
 *
 * @param text for people: {@code v1}, {@code v2}, or what is missing
 * @param limitsSwap whether swap is counted
 */
public record CgroupVersion(String text, boolean isUsable, boolean limitsSwap) {

    public static CgroupVersion detect(Descriptors files) {
        CgroupMounts mounts = CgroupMounts.read();
        List<String> missing = CgroupV1Tree.missing(mounts);
        if (missing.isEmpty()) {
            String memory = mounts.controllers().get(CgroupV1Tree.MEMORY);
            boolean swap = Files.exists(Path.of(memory + "/memory.memsw.limit_in_bytes"));
            return new CgroupVersion("v1", true, swap);
        }
        if (CgroupV2Tree.missing(files, mounts).isEmpty()) {
            return new CgroupVersion("v2", true, true);
        }
        return new CgroupVersion("none, v1 lacks " + missing, false, false);
    }
}
