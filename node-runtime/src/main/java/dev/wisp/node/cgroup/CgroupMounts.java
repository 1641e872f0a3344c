package dev.wisp.node.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the host has mounted its control groups.
 *
 * @param controllers v1: controller to mount point
 * @param unified v2: mount point, null when it is not mounted
 */
record CgroupMounts(
        Map<String, String> controllers, @Nullable String unified) {

    private static final int FIELD_MOUNT_POINT = 4;

    CgroupMounts {
        controllers = Map.copyOf(controllers);
    }

    static CgroupMounts read() {
        try {
            return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
        } catch (IOException e) {
            throw new UncheckedIOException("mountinfo", e);
        }
    }

    /** Lines of {@code mountinfo}: fields, a dash, then type, source and the options of the file system, which name the controllers. */
    static CgroupMounts parse(List<String> lines) {
        Map<String, String> controllers = new HashMap<>();
        String unified = null;
        for (String line : lines) {
            String[] halves = line.split(" - ", 2);
            if (halves.length < 2) {
                continue;
            }
            String mountPoint = halves[0].split(" ")[FIELD_MOUNT_POINT];
            String[] system = halves[1].split(" ");
            if (system[0].equals("cgroup2")) {
                unified = mountPoint;
            } else if (system[0].equals("cgroup")) {
                for (String option : system[2].split(",")) {
                    controllers.putIfAbsent(option, mountPoint);
                }
            }
        }
        return new CgroupMounts(controllers, unified);
    }
}
