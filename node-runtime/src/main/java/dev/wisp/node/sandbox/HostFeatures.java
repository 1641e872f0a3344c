package dev.wisp.node.sandbox;

import dev.wisp.contracts.loop.RoundWrites;
import dev.wisp.node.cgroup.CgroupVersion;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.KernelProbe;
import dev.wisp.node.linux.Syscall;
import dev.wisp.node.network.ConnectionTablePolicy;
import dev.wisp.node.network.EgressConfig;
import dev.wisp.node.network.EgressProbe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What of this host sandboxes can use; changes nothing and may be asked beside a running node. */
public final class HostFeatures {

    private static final long OPEN_FILES_WANTED = 16_384;

    private static final List<String> NAMESPACES = List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup");

    private final KernelProbe probe;
    private final Descriptors files;
    private final List<HostFeature> features = new ArrayList<>();

    private HostFeatures() {
        Kernel kernel = Kernel.load();
        this.probe = new KernelProbe(kernel);
        this.files = new Descriptors(kernel);
    }

    /** All features, required ones first. Egress is tried in namespaces made for that, which takes some 50 ms. */
    public static List<HostFeature> probe() {
        HostFeatures features = new HostFeatures();
        features.rights();
        features.calls();
        features.kernel();
        features.groups();
        features.comforts();
        features.hardening();
        features.egress();
        return List.copyOf(features.features);
    }

    private void rights() {
        require(
                "processor x86-64 or aarch64",
                probe.isSupportedProcessor(),
                "run Wisp on an x86-64 or aarch64 machine");
        require("root", isRoot(), "run Wisp as root");
        for (String name : NAMESPACES) {
            require(
                    name + " namespaces",
                    Files.exists(Path.of("/proc/self/ns/" + name)),
                    "use a kernel built with namespaces");
        }
        require(
                "user namespaces allowed",
                number("/proc/sys/user/max_user_namespaces") > 0,
                "sysctl user.max_user_namespaces=65536");
    }

    private boolean isRoot() {
        String status = files.readText("/proc/self/status");
        return status != null && status.lines().anyMatch(line -> line.matches("Uid:\\s+\\d+\\s+0\\s.*"));
    }

    private void calls() {
        require("clone3", probe.knows(Syscall.CLONE3), "Linux 5.5 or newer");
        require("pidfd", probe.knows(Syscall.PIDFD_SEND_SIGNAL), "Linux 5.4 or newer");
        require("openat2", probe.knows(Syscall.OPENAT2), "Linux 5.6 or newer");
        require("close_range", probe.knows(Syscall.CLOSE_RANGE), "Linux 5.9 or newer");
        require(
                "mapped mounts (mount_setattr)",
                probe.knows(Syscall.MOUNT_SETATTR),
                "Linux 5.19 or newer, layers on ext4, xfs, btrfs or tmpfs");
        require("seccomp filters", probe.knows(Syscall.SECCOMP), "a kernel built with CONFIG_SECCOMP_FILTER");
    }

    private void kernel() {
        String fileSystems = files.readText("/proc/filesystems");
        require("overlay", fileSystems != null && fileSystems.contains("\toverlay"), "modprobe overlay");
        require(
                "whole /proc",
                !hasMountBelowProc(),
                "run Wisp on the host or in a container whose /proc is not masked (docker: --privileged)");
    }

    /** The kernel lets a user namespace mount a proc of its own only where nothing of the existing one is covered. */
    private boolean hasMountBelowProc() {
        String mounts = files.readText("/proc/self/mounts");
        return mounts != null
                && mounts.lines()
                        .map(line -> line.split(" "))
                        .anyMatch(fields -> fields.length > 1
                                && fields[1].startsWith("/proc/")
                                && !fields[1].equals("/proc/sys/fs/binfmt_misc"));
    }

    private void groups() {
        CgroupVersion version = CgroupVersion.detect(files);
        require(
                "control groups: " + version.text(),
                version.isUsable(),
                "mount cgroup v1 or v2 with cpu, memory and pids");
        prefer(
                "swap accounting",
                version.limitsSwap(),
                "a sandbox may swap beyond its memory limit when the host has swap",
                "boot with swapaccount=1, or switch swap off");
    }

    private void comforts() {
        prefer(
                "filter compiler (bpf_jit_enable)",
                number("/proc/sys/net/core/bpf_jit_enable") > 0,
                "system calls of workloads are filtered by an interpreter, which is slower",
                "sysctl net.core.bpf_jit_enable=1");
        prefer(
                "landlock",
                probe.landlock() > 0,
                "the second wall around the file system of a sandbox",
                "boot with lsm=landlock,...");
        prefer(
                "io_uring",
                RoundWrites.isSupported(),
                "each message of a call is sent by a system call of its own; calls take half as much processor time again",
                "Linux 5.6 or newer, and sysctl kernel.io_uring_disabled=1 (for root alone) or 0");
        label(SecurityModules.observe());
        prefer(
                "open files (%d)".formatted(OPEN_FILES_WANTED),
                openFiles() >= OPEN_FILES_WANTED,
                "fewer sandboxes at once: each takes six descriptors",
                "ulimit -n 1048576, or LimitNOFILE= of the unit");
    }

    private void hardening() {
        Map<String, String> settings = new HashMap<>();
        for (String key : HardeningPolicy.keys()) {
            String text = files.readText("/proc/sys/" + key.replace('.', '/'));
            if (text != null) {
                settings.put(key, text);
            }
        }
        features.addAll(HardeningPolicy.features(settings));
    }

    private void label(SecurityModules host) {
        String mode = host.mode(LabelConfig.PROFILE);
        String state = host.appArmor() ? mode == null ? "not loaded" : mode : "this kernel has no AppArmor";
        prefer(
                "AppArmor profile %s (%s)".formatted(LabelConfig.PROFILE, state),
                "enforce".equals(mode),
                "one wall less behind the others",
                "boot with lsm=...,apparmor and load it: apparmor_parser -r deploy/apparmor/" + LabelConfig.PROFILE);
        if (host.seLinux()) {
            prefer("SELinux (wisp.node.sandbox.selinux-label)", true, "", "");
        }
    }

    private void egress() {
        String missing = EgressProbe.missing();
        prefer(
                "egress: veth, nftables, tbf" + (missing.isEmpty() ? "" : " (%s)".formatted(missing)),
                missing.isEmpty(),
                "services that ask for egress are refused with E1205",
                "run as root with CAP_NET_ADMIN on a kernel with veth, nf_tables (nat, connlimit, limit) and sch_tbf");
        prefer(
                "egress: host forwards packets (ip_forward)",
                number("/proc/sys/net/ipv4/ip_forward") > 0,
                "wisp.node.network.uplink=host is refused with E1205; a network namespace as uplink is not",
                "sysctl net.ipv4.ip_forward=1");
        prefer(
                "egress: host forwards packets of IPv6 (conf.all.forwarding)",
                number("/proc/sys/net/ipv6/conf/all/forwarding") > 0,
                "with wisp.node.network.uplink=host, services that ask for IPv6 are refused with E1205",
                "sysctl net.ipv6.conf.all.forwarding=1 (the host then takes its own addresses from no router)");
        connections();
    }

    /** The node's own settings are not known here, so it is judged by the default ones; and not at all before the kernel tracks anything. */
    private void connections() {
        long tracked = number(ConnectionTablePolicy.TABLE_MAX_FILE);
        if (tracked > 0) {
            features.add(connections(tracked));
        }
    }

    /** @param tracked by the kernel at most */
    static HostFeature connections(long tracked) {
        int sandboxes = LinuxSandboxConfig.SANDBOXES_MAX_DEFAULT;
        EgressConfig.Limits limits = EgressConfig.Limits.DEFAULT;
        return new HostFeature(
                "egress: the kernel tracks all connections of %d sandboxes (nf_conntrack_max=%d, %d each)"
                        .formatted(
                                ConnectionTablePolicy.sandboxesServed(tracked, limits.connectionsMax()),
                                tracked,
                                limits.connectionsMax()),
                ConnectionTablePolicy.isEnough(sandboxes, limits, tracked),
                false,
                "with the %d sandboxes of a node by default, one more than that can keep all others and the host from connecting"
                        .formatted(sandboxes),
                ConnectionTablePolicy.remedy(sandboxes, limits, tracked));
    }

    private long openFiles() {
        String limits = files.readText("/proc/self/limits");
        return limits == null
                ? 0
                : limits.lines()
                        .filter(line -> line.startsWith("Max open files"))
                        .map(line -> line.substring("Max open files".length())
                                .strip()
                                .split("\\s+")[0])
                        .mapToLong(text -> text.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(text))
                        .findFirst()
                        .orElse(0);
    }

    private long number(String path) {
        String text = files.readText(path);
        return text == null || text.isBlank() ? 0 : Long.parseLong(text.strip());
    }

    private void require(String name, boolean present, String remedy) {
        features.add(new HostFeature(name, present, true, "no sandbox can be started", remedy));
    }

    private void prefer(String name, boolean present, String without, String remedy) {
        features.add(new HostFeature(name, present, false, without, remedy));
    }
}
