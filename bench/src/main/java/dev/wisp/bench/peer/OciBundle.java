package dev.wisp.bench.peer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bundle of the OCI runtime specification around one static program, isolated as an engine would: all namespaces, user namespace
 * included, no capabilities, masked paths, limits, a filter of system calls.
 */
final class OciBundle {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int ID_RANGE_START = 200_000;
    private static final int ID_RANGE_SIZE = 65_536;

    private OciBundle() {}

    /** Writes {@code config.json} and {@code rootfs/<program>}. */
    static void write(Path folder, Path program, @Nullable ObjectNode seccomp) throws IOException {
        Path rootfs = Files.createDirectories(folder.resolve("rootfs"));
        for (String mountPoint : List.of("proc", "dev", "sys", "tmp")) {
            Files.createDirectories(rootfs.resolve(mountPoint));
        }
        Path copy = Files.copy(program, rootfs.resolve("hello"));
        if (!copy.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make %s executable".formatted(copy));
        }
        JSON.writeValue(folder.resolve("config.json").toFile(), config(seccomp));
    }

    static ObjectNode config(@Nullable ObjectNode seccomp) {
        ObjectNode root = JSON.createObjectNode();
        root.put("ociVersion", "1.0.2").put("hostname", "bench");
        process(root.putObject("process"));
        root.putObject("root").put("path", "rootfs").put("readonly", true);
        mounts(root.putArray("mounts"));
        ObjectNode linux = root.putObject("linux");
        namespaces(linux);
        resources(linux.putObject("resources"));
        paths(
                linux.putArray("maskedPaths"),
                "acpi",
                "kcore",
                "keys",
                "latency_stats",
                "timer_list",
                "sched_debug",
                "scsi");
        paths(linux.putArray("readonlyPaths"), "bus", "fs", "irq", "sys", "sysrq-trigger");
        if (seccomp != null) {
            linux.set("seccomp", seccomp);
        }
        return root;
    }

    private static void process(ObjectNode process) {
        process.put("terminal", false).put("cwd", "/").put("noNewPrivileges", true);
        process.putObject("user").put("uid", 0).put("gid", 0);
        process.putArray("args").add("/hello");
        process.putArray("env").add("PORT=" + FirstResponse.PORT).add("LOG=off").add("PATH=/");
        ObjectNode capabilities = process.putObject("capabilities");
        for (String set : List.of("bounding", "effective", "permitted")) {
            capabilities.putArray(set);
        }
    }

    private static void mounts(ArrayNode mounts) {
        mount(mounts, "/proc", "proc", "proc");
        mount(mounts, "/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        mount(mounts, "/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620");
        mount(mounts, "/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k");
        mount(mounts, "/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        mount(mounts, "/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
        mount(mounts, "/tmp", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777", "size=16m");
    }

    private static void mount(ArrayNode mounts, String destination, String type, String source, String... options) {
        ObjectNode mount = mounts.addObject();
        mount.put("destination", destination).put("type", type).put("source", source);
        ArrayNode list = mount.putArray("options");
        for (String option : options) {
            list.add(option);
        }
    }

    private static void namespaces(ObjectNode linux) {
        ArrayNode namespaces = linux.putArray("namespaces");
        for (String type : List.of("pid", "network", "ipc", "uts", "mount", "cgroup", "user")) {
            namespaces.addObject().put("type", type);
        }
        for (String mapping : List.of("uidMappings", "gidMappings")) {
            linux.putArray(mapping)
                    .addObject()
                    .put("containerID", 0)
                    .put("hostID", ID_RANGE_START)
                    .put("size", ID_RANGE_SIZE);
        }
    }

    private static void resources(ObjectNode resources) {
        resources.putArray("devices").addObject().put("allow", false).put("access", "rwm");
        resources.putObject("memory").put("limit", 128 << 20);
        resources.putObject("cpu").put("quota", 100_000).put("period", 100_000);
        resources.putObject("pids").put("limit", 64);
    }

    private static void paths(ArrayNode paths, String... names) {
        for (String name : names) {
            paths.add("/proc/" + name);
        }
    }
}
