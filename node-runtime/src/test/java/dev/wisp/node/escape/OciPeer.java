package dev.wisp.node.escape;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Runs the probes under an OCI runtime, configured as Docker does by default: no user namespace, fourteen capabilities, its filter, its masked paths. Memory and
 * processes are limited as in our sandboxes.
 */
final class OciPeer {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> CAPABILITIES = Stream.of(
                    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP"
                            .split(" "),
                    "SETUID SYS_CHROOT".split(" "))
            .flatMap(Arrays::stream)
            .map(name -> "CAP_" + name)
            .toList();

    private final String runtime;
    private final Path bundle;
    private final String branch = "wisp-peer-" + ProcessHandle.current().pid();
    private int ids;

    OciPeer(String runtime, ProbeImage image, Path folder) throws IOException {
        this.runtime = runtime;
        this.bundle = Files.createDirectory(folder.resolve("bundle-" + runtime));
        Commands.run(List.of(
                "cp", "-a", image.layer.toString(), bundle.resolve("rootfs").toString()));
        for (String name : List.of("proc", "dev", "sys", "tmp")) {
            Files.createDirectories(bundle.resolve("rootfs").resolve(name));
        }
        Commands.run(List.of("chmod", "1777", bundle.resolve("rootfs/tmp").toString()));
    }

    String version() {
        return Commands.run(List.of(runtime, "--version"))
                .lines()
                .findFirst()
                .orElseThrow()
                .replace("version ", "");
    }

    List<Verdict> run(String program, int user, List<String> parameters) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("/" + program));
        arguments.addAll(parameters);
        JSON.writeValue(bundle.resolve("config.json").toFile(), config(arguments, user));
        String id = "%s-%s-%d".formatted(branch, runtime, ++ids);
        String run = "%s run --bundle '%s' %s".formatted(runtime, bundle, id);
        // crun gives up on hosts that mount both versions of control groups; without the second it uses the first.
        String prepare = "[ ! -d /sys/fs/cgroup/unified ] || mount -t tmpfs tmpfs /sys/fs/cgroup/unified; ";
        try {
            return Verdict.parse(Commands.run(
                    runtime.equals("crun")
                            ? List.of("unshare", "-m", "sh", "-c", prepare + "exec " + run)
                            : List.of("sh", "-c", "exec " + run)));
        } finally {
            Commands.works(runtime, "delete", "--force", id);
        }
    }

    /** The folders above its containers' control groups, which runtimes leave. */
    void removeBranch() throws IOException {
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            for (Path hierarchy : hierarchies.toList()) {
                Files.deleteIfExists(hierarchy.resolve(branch));
            }
        }
        Files.deleteIfExists(Path.of("/sys/fs/cgroup", branch));
    }

    private ObjectNode config(List<String> arguments, int user) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("ociVersion", "1.0.2").put("hostname", "peer");
        ObjectNode process = root.putObject("process").put("terminal", false).put("cwd", "/");
        process.putObject("user").put("uid", user).put("gid", user);
        arguments.forEach(process.putArray("args")::add);
        process.putArray("env").add("PATH=/");
        ObjectNode sets = process.putObject("capabilities");
        for (String set : user == 0 ? List.of("bounding", "effective", "permitted") : List.of("bounding")) {
            CAPABILITIES.forEach(sets.putArray(set)::add);
        }
        root.putObject("root").put("path", "rootfs");
        mounts(root.putArray("mounts"));
        linux(root.putObject("linux"));
        return root;
    }

    private static void mounts(ArrayNode mounts) {
        mount(mounts, "/proc", "proc", "nosuid", "noexec", "nodev");
        mount(mounts, "/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        mount(mounts, "/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5");
        mount(mounts, "/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k");
        mount(mounts, "/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev");
        mount(mounts, "/sys", "sysfs", "nosuid", "noexec", "nodev", "ro");
        mount(mounts, "/sys/fs/cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro");
    }

    private static void mount(ArrayNode mounts, String destination, String type, String... options) {
        ObjectNode mount = mounts.addObject();
        mount.put("destination", destination).put("type", type).put("source", type);
        Arrays.stream(options).forEach(mount.putArray("options")::add);
    }

    private void linux(ObjectNode linux) throws IOException {
        linux.put("cgroupsPath", "/" + branch + "/" + ids);
        for (String type : List.of("pid", "network", "ipc", "uts", "mount")) {
            linux.withArray("namespaces").addObject().put("type", type);
        }
        ObjectNode resources = linux.putObject("resources");
        resources.putArray("devices").addObject().put("allow", false).put("access", "rwm");
        resources.putObject("memory").put("limit", 64 << 20).put("swap", 64 << 20);
        resources.putObject("pids").put("limit", 64);
        Stream.of("asound acpi interrupts kcore keys latency_stats timer_list timer_stats sched_debug scsi".split(" "))
                .forEach(name -> linux.withArray("maskedPaths").add("/proc/" + name));
        linux.withArray("maskedPaths").add("/sys/firmware").add("/sys/devices/virtual/powercap");
        Stream.of("bus", "fs", "irq", "sys", "sysrq-trigger")
                .forEach(name -> linux.withArray("readonlyPaths").add("/proc/" + name));
        filter(linux.putObject("seccomp"));
    }

    private static void filter(ObjectNode seccomp) throws IOException {
        seccomp.put("defaultAction", "SCMP_ACT_ERRNO").put("defaultErrnoRet", 1);
        Stream.of("X86_64", "X86", "X32")
                .forEach(name -> seccomp.withArray("architectures").add("SCMP_ARCH_" + name));
        ObjectNode names = seccomp.withArray("syscalls").addObject().put("action", "SCMP_ACT_ALLOW");
        allowed().forEach(names.putArray("names")::add);
        // The list of names is x86-64's; this one is of 32-bit programs, which Docker lets in.
        names.withArray("names").add("socketcall").add("fcntl64").add("mmap2");
        compare(seccomp, "socket", 38, "SCMP_CMP_LT");
        compare(seccomp, "socket", 39, "SCMP_CMP_EQ");
        compare(seccomp, "socket", 40, "SCMP_CMP_GT");
        for (long value : new long[] {0, 8, 0x20000, 0x20008, 0xffffffffL}) {
            compare(seccomp, "personality", value, "SCMP_CMP_EQ");
        }
        compare(seccomp, "clone", 0x7e020000, "SCMP_CMP_MASKED_EQ");
        compare(seccomp, "chroot", 0, "");
        seccomp.withArray("syscalls")
                .addObject()
                .put("action", "SCMP_ACT_ERRNO")
                .put("errnoRet", 38)
                .putArray("names")
                .add("clone3");
    }

    private static void compare(ObjectNode seccomp, String name, long value, String how) {
        ObjectNode rule = seccomp.withArray("syscalls").addObject().put("action", "SCMP_ACT_ALLOW");
        rule.putArray("names").add(name);
        if (!how.isEmpty()) {
            rule.putArray("args")
                    .addObject()
                    .put("index", 0)
                    .put("value", value)
                    .put("valueTwo", 0)
                    .put("op", how);
        }
    }

    private static List<String> allowed() throws IOException {
        try (InputStream in = OciPeer.class.getResourceAsStream("/dev/wisp/node/linux/seccomp/docker-default.txt")) {
            return new String(Objects.requireNonNull(in, "list").readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.split("\\s+")))
                    .toList();
        }
    }
}
