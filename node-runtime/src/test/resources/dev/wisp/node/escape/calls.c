/*
 * System calls that lead out or into the kernel's less walked parts: control groups and mounts (S06), handles (S08), new namespaces, io_uring, keyrings, BPF,
 * sockets that no namespace holds, the i386 and x32 ways in (S11), the kernel's own business (S10).
 */
#include "escape.h"
#include <sys/mount.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static const char *scratch_folder(const char *name) {
  static char path[600];
  snprintf(path, sizeof path, "%s/%s", parameter("scratch", "/tmp"), name);
  mkdir(path, 0755);
  return path;
}

/* mount(2) of a file system that path names, with options for it. */
static long mounts(const struct probe *p) {
  char type[64];
  snprintf(type, sizeof type, "%s", p->path);
  char *options = strchr(type, ',');
  if (options) *options++ = 0;
  return answer(mount("none", scratch_folder("m"), type, p->a, options));
}

static long cgroup_agent(const struct probe *p) {
  char path[700];
  const char *folder = scratch_folder("agent");
  /* Mounting a controller that nobody uses would take it away from the host for a moment. */
  if (p->b && !strcmp(parameter("mounts", ""), "private")) return -ENOSYS;
  if (syscall(SYS_unshare, p->a)) return -errno;
  if (mount("none", folder, "cgroup", 0, p->path)) return -errno;
  snprintf(path, sizeof path, "%s/release_agent", folder);
  return answer(open(path, O_WRONLY | O_CLOEXEC));
}

static long cgroup_parent(const struct probe *p) {
  (void)p;
  if (mount("none", scratch_folder("two"), "cgroup2", 0, 0)) return -errno;
  return 1;
}

static long binds(const struct probe *p) { return answer(mount(p->path, scratch_folder("b"), 0, MS_BIND | MS_REC, 0)); }

static long remounts(const struct probe *p) {
  return answer(mount(0, p->path, 0, MS_REMOUNT | MS_BIND | p->a, 0));
}

static long unmounts(const struct probe *p) { return answer(umount2(p->path, MNT_DETACH)); }

static long moves(const struct probe *p) { return answer(mount(p->path, scratch_folder("v"), 0, MS_MOVE, 0)); }

static long unshares(const struct probe *p) { return answer(syscall(SYS_unshare, p->a)); }

static long clones(const struct probe *p) {
  long child = syscall(SYS_clone, p->a | SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  if (child < 0) return -errno;
  waitpid(child, 0, 0);
  return 1;
}

static long clones_by_struct(const struct probe *p) {
  struct {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
  } how = {.flags = p->a, .exit_signal = SIGCHLD};
  long child = syscall(435, &how, sizeof how);
  if (child == 0) _exit(0);
  if (child < 0) return -errno;
  waitpid(child, 0, 0);
  return 1;
}

static long enters(const struct probe *p) {
  int fd = open(p->path, O_RDONLY | O_CLOEXEC);
  return fd < 0 ? -errno : answer(setns(fd, 0));
}

/* Handles: one made by hand names the root of a file system, inode 2 of ext4, as "shocker" did. */
static long by_handle(const struct probe *p) {
  struct {
    unsigned bytes;
    int type;
    unsigned char handle[128];
  } handle = {.bytes = 8, .type = 1, .handle = {2}};
  int id, mount_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (p->a) {
    handle.bytes = sizeof handle.handle;
    return answer(syscall(SYS_name_to_handle_at, AT_FDCWD, "/", &handle, &id, 0));
  }
  return beyond(call(SYS_open_by_handle_at, mount_fd, (long)&handle, O_RDONLY, 0, 0, 0), ESTALE, EOPNOTSUPP);
}

static long uring(const struct probe *p) {
  char parameters_of_ring[128] = {0};
  (void)p;
  return call(425, 4, (long)parameters_of_ring, 0, 0, 0, 0);
}

static long key_added(const struct probe *p) {
  (void)p;
  return call(SYS_add_key, (long)"user", (long)"wisp-probe", (long)"x", 1, -1 /* of the thread */, 0);
}

static long key_joined(const struct probe *p) {
  (void)p;
  return call(SYS_keyctl, 1 /* JOIN_SESSION_KEYRING */, 0, 0, 0, 0, 0);
}

static long key_requested(const struct probe *p) {
  (void)p;
  return beyond(call(SYS_request_key, (long)"user", (long)"wisp-none", 0, -1, 0, 0), ENOKEY, ENOKEY);
}

static long bpf_map(const struct probe *p) {
  uint32_t attributes[32] = {2 /* array */, 4, 4, 1};
  (void)p;
  return call(SYS_bpf, 0, (long)attributes, sizeof attributes, 0, 0, 0);
}

static long bpf_program(const struct probe *p) {
  static const uint64_t code[] = {0xb7 /* r0 = 0 */, 0x95 /* exit */};
  struct {
    uint32_t type, count;
    uint64_t code, licence;
    uint32_t level, size;
    uint64_t buffer;
    uint32_t version, flags;
  } attributes = {p->a, 2, (uint64_t)code, (uint64_t)"GPL", 0, 0, 0, 0, 0};
  return call(SYS_bpf, 5, (long)&attributes, sizeof attributes, 0, 0, 0);
}

static long perf(const struct probe *p) {
  static uint32_t attributes[32];
  attributes[0] = 1; /* software */
  attributes[1] = sizeof attributes;
  return call(SYS_perf_event_open, (long)attributes, p->a, p->b, -1, 0, 0);
}

static long faults(const struct probe *p) { return call(SYS_userfaultfd, p->a, 0, 0, 0, 0, 0); }

/* No device behind it is found only after the family is. */
static long socket_of(const struct probe *p) {
  return beyond(call(SYS_socket, p->a, p->b, p->c, 0, 0, 0), ENODEV, ENODEV);
}

static long plain_call(const struct probe *p) { return call(p->a, p->b, p->c, 0, 0, 0, 0); }

/* The kernel finds the arguments wrong only after it has found the caller right. */
static long invalid_call(const struct probe *p) {
  return beyond(call(p->a, p->b, p->c, 0, 0, 0, 0), EINVAL, EFAULT);
}

static long path_call(const struct probe *p) {
  return beyond(call(p->a, (long)"/nonexistent", p->b, p->c, 0, 0, 0), ENOENT, ENOENT);
}

static long kexec(const struct probe *p) {
  (void)p;
  return beyond(call(SYS_kexec_load, 0, 1000, 0, 0, 0, 0), EINVAL, EINVAL);
}

static long reboots(const struct probe *p) {
  (void)p;
  return beyond(call(SYS_reboot, 0, 0, 0, 0, 0, 0), EINVAL, EINVAL); /* wrong magic */
}

static long module(const struct probe *p) {
  static const char nothing[64];
  if (p->a == SYS_finit_module)
    return beyond(call(SYS_finit_module, 0, (long)"", 0, 0, 0, 0), ENOEXEC, EBADF);
  return beyond(call(SYS_init_module, (long)nothing, sizeof nothing, (long)"", 0, 0, 0), ENOEXEC, ENOEXEC);
}

static long renames_host(const struct probe *p) {
  return call(p->a, (long)"probe", 5, 0, 0, 0, 0);
}

static long no_clock_change(const struct probe *p) {
  (void)p;
  return call(SYS_settimeofday, 0, 0, 0, 0, 0, 0); /* sets neither */
}

static long adjusts_clock(const struct probe *p) {
  long timex[64] = {0};
  if (syscall(SYS_adjtimex, timex) < 0 && errno == EPERM) return -EPERM;
  unsigned *mode = (unsigned *)timex;
  *mode = 0x4000; /* ADJ_TICK, to what it is */
  return p->a ? call(SYS_clock_adjtime, 0, (long)timex, 0, 0, 0, 0) : call(SYS_adjtimex, (long)timex, 0, 0, 0, 0, 0);
}

static long kernel_log(const struct probe *p) {
  static char text[4096];
  return call(SYS_syslog, p->a, (long)text, sizeof text, 0, 0, 0);
}

static long chroots(const struct probe *p) {
  (void)p;
  return answer(chroot("/"));
}

static long pivots(const struct probe *p) {
  (void)p;
  return beyond(call(SYS_pivot_root, (long)"/", (long)"/", 0, 0, 0, 0), EINVAL, EBUSY);
}

static long detached_tree(const struct probe *p) {
  return call(428, AT_FDCWD, (long)p->path, 1 /* OPEN_TREE_CLONE */, 0, 0, 0);
}

static long new_mount(const struct probe *p) { return call(430, (long)p->path, 0, 0, 0, 0, 0); }

static long configured_mount(const struct probe *p) {
  int fd = syscall(430, "tmpfs", 0);
  if (fd < 0) return -errno;
  if (p->a && syscall(431, fd, 6 /* FSCONFIG_CMD_CREATE */, 0, 0, 0)) return -errno;
  return p->a ? call(432, fd, 0, 0, 0, 0, 0) : call(431, fd, 0, (long)"size", 0, 0, 0) == -EINVAL ? 1 : -EPERM;
}

static long picked_mount(const struct probe *p) {
  return call(433, AT_FDCWD, (long)p->path, 0, 0, 0, 0);
}

static long mount_attributes(const struct probe *p) {
  uint64_t attributes[4] = {0};
  return call(p->a, AT_FDCWD, (long)"/", p->b, (long)attributes, sizeof attributes, 0);
}

static long listed_mounts(const struct probe *p) {
  uint64_t request[4] = {24 /* size */, (uint64_t)-1 /* the root */, 0, 0};
  static uint64_t buffer[512];
  if (p->a == 457) {
    struct {
      uint64_t mount_id;
    } unused;
    (void)unused;
    request[1] = 0;
    request[2] = 1;
    return beyond(call(457, (long)request, (long)buffer, sizeof buffer, 0, 0, 0), ENOENT, EINVAL);
  }
  return beyond(call(458, (long)request, (long)buffer, 512, 0, 0, 0), ENOENT, EINVAL);
}

static long copied_descriptor(const struct probe *p) {
  (void)p;
  int pidfd = syscall(434, getpid(), 0);
  return pidfd < 0 ? -errno : call(438, pidfd, 1, 0, 0, 0, 0);
}

static long gifted_pages(const struct probe *p) {
  static char page[4096];
  struct {
    void *base;
    size_t length;
  } piece = {page, sizeof page};
  int ends[2];
  (void)p;
  if (pipe(ends)) return -errno;
  return call(SYS_vmsplice, ends[1], (long)&piece, 1, 0, 0, 0);
}

static long watches_all(const struct probe *p) { return call(SYS_fanotify_init, p->a, 0, 0, 0, 0, 0); }

static long compares(const struct probe *p) {
  (void)p;
  return call(SYS_kcmp, getpid(), getpid(), 0, 1, 1, 0);
}

static long policy_of_memory(const struct probe *p) {
  (void)p;
  return call(SYS_set_mempolicy, 0, 0, 0, 0, 0, 0);
}

static long moved_pages(const struct probe *p) {
  (void)p;
  return beyond(call(SYS_migrate_pages, 0, 0, 0, 0, 0, 0), EINVAL, EFAULT);
}

static long reads_policy(const struct probe *p) {
  int mode;
  (void)p;
  return call(SYS_get_mempolicy, (long)&mode, 0, 0, 0, 0, 0);
}

static long quota(const struct probe *p) {
  char state[256];
  (void)p;
  return beyond(call(SYS_quotactl, 0x800001 << 8 /* Q_SYNC of all */, 0, 0, (long)state, 0, 0), ENODEV, ENOSYS);
}

#ifdef __x86_64__
static long int80(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
  return (int)result;
}
#else
static long int80(long number, long a, long b, long c) {
  (void)number, (void)a, (void)b, (void)c;
  return -ENOSYS;
}
#endif

static long i386_call(const struct probe *p) { return int80(p->a, p->b, p->c, 0); }

/* socket(AF_VSOCK) by way of socketcall, whose arguments a filter cannot see; they must lie where 32 bits reach. */
static long i386_socketcall(const struct probe *p) {
  uint32_t *arguments = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  arguments[0] = p->a;
  arguments[1] = p->b;
  arguments[2] = 0;
  return int80(102, 1, (long)arguments, 0);
}

static long x32_call(const struct probe *p) { return call(0x40000000 | p->a, p->b, p->c, 0, 0, 0, 0); }

static long io_ports(const struct probe *p) { return call(p->a, p->b, 1, 1, 0, 0, 0); }

static long personality_of(const struct probe *p) { return call(SYS_personality, p->a, 0, 0, 0, 0, 0); }

/* As is, and after every way to gain rights that a program has by itself. */
static long capability(const struct probe *p) {
  uint32_t header[2] = {0x20080522, 0}, data[6] = {0};
  if (syscall(SYS_capget, header, data)) return -errno;
  if (p->a == 0) return data[0] | data[3] | data[1] | data[4] ? 1 : -EPERM;
  if (p->a == 1) return data[2] | data[5] ? 1 : -EPERM;
  if (p->a == 2) {
    for (int i = 0; i < 64; i++) {
      long has = syscall(SYS_prctl, 23 /* CAPBSET_READ */, i, 0, 0, 0);
      if (has < 0) break;
      if (has) return 1;
    }
    return -EPERM;
  }
  data[0] = data[1] = 1 << 21;
  data[3] = data[4] = 0;
  return call(SYS_capset, (long)header, (long)data, 0, 0, 0, 0);
}

static long becomes(const struct probe *p) {
  return call(p->a, p->b, p->b, p->b, 0, 0, 0) < 0 ? -errno : getuid() == (unsigned)p->b || getgid() == (unsigned)p->b ? 1 : -EPERM;
}

static long priority(const struct probe *p) {
  (void)p;
  return call(SYS_setpriority, 0, 0, -20, 0, 0, 0);
}

static long realtime(const struct probe *p) {
  int parameters_of_policy = 1;
  (void)p;
  return call(SYS_sched_setscheduler, 0, 1 /* FIFO */, (long)&parameters_of_policy, 0, 0, 0);
}

static long io_realtime(const struct probe *p) {
  (void)p;
  return call(SYS_ioprio_set, 1, 0, 1 << 13 /* realtime */, 0, 0, 0);
}

static long raises_limit(const struct probe *p) {
  uint64_t limit[2];
  if (syscall(SYS_prlimit64, 0, (int)p->a, 0, limit)) return -errno;
  if (p->a == 7 && limit[1] > 4096) return 1;
  if (p->a == 4 && limit[1]) return 1;
  limit[0] = limit[1] = limit[1] + 1;
  return call(SYS_prlimit64, 0, p->a, (long)limit, 0, 0, 0);
}

static long locks_memory(const struct probe *p) {
  void *memory = mmap(0, p->a, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? -errno : call(SYS_mlock, (long)memory, p->a, 0, 0, 0, 0);
}

#define MOUNT(type) {"S06", "mount " type, mounts, type}
#define AGENT(controller) {"S06", "release_agent of " controller, cgroup_agent, controller}
#define UNUSED_AGENT(controller) {"S06", "release_agent of " controller, cgroup_agent, controller, 0, 1}
#define UNSHARE(name, flag) {"S11", "unshare " name, unshares, 0, flag}
#define CLONE(name, flag) {"S11", "clone " name, clones, 0, flag}
#define CLONE3(name, flag) {"S11", "clone3 " name, clones_by_struct, 0, flag}
#define SOCKET(name, family, type, protocol) {"S11", "socket " name, socket_of, 0, family, type, protocol}
#define CALL(name, attempt, number, ...) {"S11", name, attempt, 0, number, ##__VA_ARGS__}

PROBES(
    /* S06: control groups and mounts */
    AGENT("cpu"), AGENT("cpuacct"), AGENT("cpuset"), AGENT("memory"), AGENT("devices"), AGENT("freezer"), AGENT("blkio"),
    AGENT("pids"), UNUSED_AGENT("hugetlb"), UNUSED_AGENT("rdma"), UNUSED_AGENT("net_cls"), UNUSED_AGENT("perf_event"), AGENT("none,name=systemd"),
    {"S06", "release_agent from a new user namespace", cgroup_agent, "memory", CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP},
    {"S06", "release_agent from a new mount namespace", cgroup_agent, "memory", CLONE_NEWNS},
    {"S06", "mount cgroup2", cgroup_parent}, MOUNT("tmpfs"), MOUNT("proc"), MOUNT("sysfs"), MOUNT("devtmpfs"), MOUNT("devpts"),
    MOUNT("mqueue"), MOUNT("debugfs"), MOUNT("tracefs"), MOUNT("securityfs"), MOUNT("bpf"), MOUNT("ramfs"), MOUNT("pstore"),
    MOUNT("binfmt_misc"), MOUNT("hugetlbfs"), MOUNT("overlay,lowerdir=/usr:/etc"), {"S06", "bind /", binds, "/"},
    {"S06", "bind /proc/sys", binds, "/proc/sys"}, {"S06", "bind /dev", binds, "/dev"},
    {"S06", "remount /proc writable", remounts, "/proc"}, {"S06", "remount / with devices", remounts, "/"},
    {"S06", "remount /dev with devices", remounts, "/dev"},
    {"S06", "unmount /proc", unmounts, "/proc"}, {"S06", "unmount /dev/pts", unmounts, "/dev/pts"},
    {"S06", "unmount /dev/shm", unmounts, "/dev/shm"}, {"S06", "move /dev/shm", moves, "/dev/shm"},
    {"S11", "open_tree clone of /", detached_tree, "/"}, {"S11", "fsopen", new_mount, "tmpfs"}, CALL("fsconfig", configured_mount, 0),
    CALL("fsmount", configured_mount, 1), {"S11", "fspick", picked_mount, "/"}, CALL("mount_setattr", mount_attributes, 442, 0),
    CALL("statmount", listed_mounts, 457), CALL("listmount", listed_mounts, 458), CALL("chroot", chroots, 0),
    CALL("pivot_root", pivots, 0),
    /* S08: handles */
    {"S08", "name_to_handle_at", by_handle, 0, 1}, {"S08", "open_by_handle_at of inode 2", by_handle, 0, 0},
    /* S11: namespaces */
    UNSHARE("user", CLONE_NEWUSER), UNSHARE("mount", CLONE_NEWNS), UNSHARE("pid", CLONE_NEWPID), UNSHARE("net", CLONE_NEWNET),
    UNSHARE("uts", CLONE_NEWUTS), UNSHARE("ipc", CLONE_NEWIPC), UNSHARE("cgroup", CLONE_NEWCGROUP), UNSHARE("time", CLONE_NEWTIME),
    CLONE("user", CLONE_NEWUSER), CLONE("mount", CLONE_NEWNS), CLONE("pid", CLONE_NEWPID), CLONE("net", CLONE_NEWNET),
    CLONE("uts", CLONE_NEWUTS), CLONE("ipc", CLONE_NEWIPC), CLONE("cgroup", CLONE_NEWCGROUP), CLONE3("user", CLONE_NEWUSER),
    CLONE3("mount", CLONE_NEWNS), CLONE3("pid", CLONE_NEWPID), CLONE3("net", CLONE_NEWNET), CLONE3("cgroup", CLONE_NEWCGROUP),
    CLONE3("time", CLONE_NEWTIME), {"S11", "setns into mnt of 1", enters, "/proc/1/ns/mnt"},
    {"S11", "setns into net of 1", enters, "/proc/1/ns/net"}, {"S11", "setns into uts of 1", enters, "/proc/1/ns/uts"},
    {"S11", "setns into ipc of 1", enters, "/proc/1/ns/ipc"}, {"S11", "setns into cgroup of 1", enters, "/proc/1/ns/cgroup"},
    {"S11", "setns into pid of 1", enters, "/proc/1/ns/pid"},
    /* S11: the less walked parts of the kernel */
    CALL("io_uring_setup", uring, 0), CALL("add_key", key_added, 0), CALL("keyctl", key_joined, 0), CALL("request_key", key_requested, 0),
    CALL("bpf map", bpf_map, 0), CALL("bpf program of a socket", bpf_program, 1), CALL("bpf program of a tracepoint", bpf_program, 5),
    CALL("perf_event_open of itself", perf, 0, 0, -1), CALL("perf_event_open of a processor", perf, 0, -1, 0),
    CALL("userfaultfd", faults, 0), CALL("userfaultfd user mode only", faults, 1), CALL("pidfd_getfd", copied_descriptor, 0),
    CALL("vmsplice", gifted_pages, 0), CALL("fanotify_init", watches_all, 0), CALL("kcmp", compares, 0),
    CALL("set_mempolicy", policy_of_memory, 0), CALL("get_mempolicy", reads_policy, 0), CALL("migrate_pages", moved_pages, 0),
    CALL("personality without address randomization", personality_of, 0x40000), CALL("personality READ_IMPLIES_EXEC", personality_of, 0x400000),
    CALL("iopl", io_ports, SYS_iopl, 3), CALL("ioperm", io_ports, SYS_ioperm, 0x80),
    /* S11: sockets that lead elsewhere */
    SOCKET("AF_ALG", 38, SOCK_SEQPACKET, 0), SOCKET("AF_VSOCK stream", 40, SOCK_STREAM, 0), SOCKET("AF_VSOCK datagram", 40, SOCK_DGRAM, 0),
    SOCKET("AF_XDP", 44, SOCK_RAW, 0), SOCKET("AF_PACKET raw", 17, SOCK_RAW, 0x300), SOCKET("AF_PACKET datagram", 17, SOCK_DGRAM, 0x300),
    SOCKET("raw ICMP", AF_INET, SOCK_RAW, 1), SOCKET("raw IPv4", AF_INET, SOCK_RAW, 255), SOCKET("raw ICMPv6", AF_INET6, SOCK_RAW, 58),
    SOCKET("netlink audit", 16, SOCK_RAW, 9), SOCKET("netlink netfilter", 16, SOCK_RAW, 12), SOCKET("netlink sock_diag", 16, SOCK_RAW, 4),
    SOCKET("netlink uevent", 16, SOCK_RAW, 15), SOCKET("netlink generic", 16, SOCK_RAW, 16), SOCKET("netlink connector", 16, SOCK_RAW, 11),
    SOCKET("netlink xfrm", 16, SOCK_RAW, 6), SOCKET("AF_KEY", 15, SOCK_RAW, 2), SOCKET("AF_BLUETOOTH", 31, SOCK_RAW, 1),
    SOCKET("AF_CAN", 29, SOCK_RAW, 1), SOCKET("AF_TIPC", 30, SOCK_STREAM, 0), SOCKET("AF_RDS", 21, SOCK_SEQPACKET, 0),
    SOCKET("AF_SMC", 43, SOCK_STREAM, 0),
    /* S11: other ways in */
    CALL("i386 getpid", i386_call, 20), CALL("i386 unshare user", i386_call, 310, CLONE_NEWUSER), CALL("i386 keyctl", i386_call, 288, 1, 0),
    CALL("i386 socketcall AF_INET", i386_socketcall, AF_INET, SOCK_STREAM), CALL("i386 socketcall AF_VSOCK", i386_socketcall, 40, SOCK_STREAM),
    CALL("x32 getpid", x32_call, 39), CALL("x32 unshare", x32_call, 272, CLONE_NEWUTS),
    /* S10: what belongs to the kernel alone */
    {"S10", "init_module", module, 0, SYS_init_module}, {"S10", "finit_module", module, 0, SYS_finit_module},
    {"S10", "delete_module", path_call, 0, SYS_delete_module}, {"S10", "kexec_load", kexec}, {"S10", "reboot", reboots},
    {"S10", "swapon", path_call, 0, SYS_swapon}, {"S10", "swapoff", path_call, 0, SYS_swapoff}, {"S10", "acct", path_call, 0, SYS_acct},
    {"S10", "quotactl", quota}, {"S10", "settimeofday", no_clock_change}, {"S10", "adjtimex", adjusts_clock},
    {"S10", "clock_adjtime", adjusts_clock, 0, 1}, {"S10", "syslog read all", kernel_log, 0, 3}, {"S10", "syslog size", kernel_log, 0, 10},
    {"S10", "sethostname", renames_host, 0, SYS_sethostname}, {"S10", "setdomainname", renames_host, 0, SYS_setdomainname},
    {"S10", "vhangup", plain_call, 0, SYS_vhangup}, {"S10", "sysfs", invalid_call, 0, SYS_sysfs, 1, 0}, {"S10", "lookup_dcookie", invalid_call, 0, SYS_lookup_dcookie},
    /* S16: rights */
    {"S16", "has a capability", capability, 0, 0}, {"S16", "has an inheritable capability", capability, 0, 1},
    {"S16", "has a bounding capability", capability, 0, 2}, {"S16", "take CAP_SYS_ADMIN", capability, 0, 3},
    {"S16", "setresuid to another", becomes, 0, SYS_setresuid, 4711}, {"S16", "setresgid to another", becomes, 0, SYS_setresgid, 4711},
    /* S13: more than its share */
    {"S13", "raise the own priority", priority}, {"S13", "become a realtime task", realtime}, {"S13", "become realtime on the disk", io_realtime},
    {"S13", "more open files than the limit", raises_limit, 0, 7}, {"S13", "dump core", raises_limit, 0, 4},
    {"S13", "lock 16 MiB of memory", locks_memory, 0, 16 << 20});
