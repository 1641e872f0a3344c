/*
 * Files: what of /proc, /sys and /dev tells about or changes the host (S10, S15), device nodes (S07), the image and the mounts below it (S03, S04).
 * Files are opened and never written with anything but what they hold.
 */
#include "escape.h"
#include <sys/statfs.h>

static const char *scratch(const char *name) {
  static char path[600];
  snprintf(path, sizeof path, "%s/%s", parameter("scratch", "/tmp"), name);
  return path;
}

static long readable(const struct probe *p) {
  char bytes[8];
  int fd = open(p->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return -errno;
  ssize_t n = read(fd, bytes, sizeof bytes);
  return n == 0 ? -ENODATA : answer(n);
}

/* Opened but not read, since reading takes away; a mask can be opened too, but it is not of proc. */
static long real_file(const struct probe *p) {
  struct statfs of;
  int fd = open(p->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 || fstatfs(fd, &of)) return -errno;
  return of.f_type == 0x9fa0 ? 1 : -ENODATA;
}

static long writable(const struct probe *p) {
  int fd = open(p->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  return answer(fd);
}

/* Settings that anyone may open but only some may set get the value they have. */
static long settable(const struct probe *p) {
  char value[256];
  int fd = open(p->path, O_RDONLY | O_CLOEXEC), out = open(p->path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || out < 0) return -errno;
  ssize_t n = read(fd, value, sizeof value);
  if (n <= 0) return n < 0 ? -errno : -ENODATA;
  return answer(write(out, value, n));
}

static long listable(const struct probe *p) {
  char entries[4096];
  int fd = open(p->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -errno;
  long n = answer(syscall(SYS_getdents64, fd, entries, sizeof entries));
  return n > 64 ? n : n < 0 ? n : -ENODATA; /* "." and ".." take 48 bytes */
}

/* Addresses of the kernel: the file may be there, with zeros in it. */
static long tells_addresses(const struct probe *p) {
  char line[512];
  FILE *in = fopen(p->path, "r");
  if (!in) return -errno;
  for (int i = 0; i < 64 && fgets(line, sizeof line, in); i++) {
    unsigned long long address = strtoull(line, 0, 16);
    char *dash = strchr(line, '-');
    if (address || (dash && strtoull(dash + 1, 0, 16))) return 1;
  }
  return -ENODATA;
}

static long node(const struct probe *p) {
  const char *path = scratch("node");
  unlink(path);
  if (mknod(path, (p->c ? S_IFCHR : S_IFBLK) | 0666, (p->a << 8 & 0xfff00) | (p->b & 0xff))) return -errno;
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  long result = beyond(answer(fd), ENXIO, ENODEV);
  result = beyond(result, EBUSY, ENOMEM);
  unlink(path);
  return result;
}

/* A node that came with the image. */
static long shipped(const struct probe *p) {
  char path[600];
  snprintf(path, sizeof path, "%s/%s", parameter("nodes", "/nodes"), p->path);
  int fd = open(path, p->a | O_NONBLOCK | O_CLOEXEC);
  return beyond(answer(fd), ENXIO, EBUSY);
}

static long lower_oom_score(const struct probe *p) {
  (void)p;
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  return fd < 0 ? -errno : answer(write(fd, "-900", 4));
}

/* A folder of another host file system: what lies on it is not the workload's. */
static long mounts_tell(const struct probe *p) {
  static char text[65536];
  int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
  size_t length = 0;
  ssize_t n;
  if (fd < 0) return -errno;
  while ((n = read(fd, text + length, sizeof text - 1 - length)) > 0) length += n;
  text[length] = 0;
  return strstr(text, p->path) ? 1 : -ENOENT;
}

static long quota_of_tmp(const struct probe *p) {
  char path[64];
  long made = 0;
  static char block[1 << 16];
  if (p->a) {
    for (; made < p->a; made++) {
      snprintf(path, sizeof path, "inode%ld", made);
      int fd = open(scratch(path), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
      if (fd < 0) break;
      close(fd);
    }
    int error = errno;
    for (long i = 0; i < made; i++) {
      snprintf(path, sizeof path, "inode%ld", i);
      unlink(scratch(path));
    }
    return made == p->a ? made : -error;
  }
  int fd = open(scratch("big"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0) return -errno;
  unlink(scratch("big"));
  for (; made < p->b; made += sizeof block)
    if (write(fd, block, sizeof block) != sizeof block) return -errno;
  return 1;
}

#define READ(path) {"S15", "read " path, readable, path}
#define LIST(path) {"S15", "list " path, listable, path}
#define WRITE(path) {"S10", "open for writing " path, writable, path}
#define SET(path) {"S10", "set " path, settable, path}
#define NODE(kind, major, minor, name) {"S07", "make and open node " name, node, 0, major, minor, kind}
#define SHIPPED(name, how, word) {"S07", "open node of the image for " word ": " name, shipped, name, how}

PROBES(
    /* S10: the kernel's settings */
    SET("/proc/sys/kernel/core_pattern"), SET("/proc/sys/kernel/core_uses_pid"), SET("/proc/sys/kernel/panic"),
    SET("/proc/sys/kernel/panic_on_oops"), SET("/proc/sys/kernel/randomize_va_space"), SET("/proc/sys/kernel/kptr_restrict"),
    SET("/proc/sys/kernel/dmesg_restrict"), SET("/proc/sys/kernel/perf_event_paranoid"), SET("/proc/sys/kernel/threads-max"),
    SET("/proc/sys/kernel/pid_max"), SET("/proc/sys/kernel/printk"), SET("/proc/sys/kernel/sysrq"),
    SET("/proc/sys/kernel/io_uring_disabled"), SET("/proc/sys/kernel/hostname"), SET("/proc/sys/kernel/ctrl-alt-del"),
    SET("/proc/sys/vm/overcommit_memory"), SET("/proc/sys/vm/panic_on_oom"), SET("/proc/sys/vm/swappiness"),
    SET("/proc/sys/vm/mmap_min_addr"), SET("/proc/sys/vm/max_map_count"), SET("/proc/sys/vm/dirty_ratio"),
    WRITE("/proc/sys/vm/drop_caches"), WRITE("/proc/sys/vm/compact_memory"), SET("/proc/sys/fs/file-max"),
    SET("/proc/sys/fs/suid_dumpable"), SET("/proc/sys/fs/protected_hardlinks"), SET("/proc/sys/fs/protected_symlinks"),
    SET("/proc/sys/fs/pipe-max-size"), SET("/proc/sys/fs/aio-max-nr"), SET("/proc/sys/fs/nr_open"),
    SET("/proc/sys/fs/inotify/max_user_watches"), SET("/proc/sys/user/max_user_namespaces"),
    SET("/proc/sys/net/ipv4/ip_forward"), SET("/proc/sys/net/core/somaxconn"), SET("/proc/sys/net/ipv4/ip_unprivileged_port_start"),
    WRITE("/proc/sysrq-trigger"), SET("/proc/irq/default_smp_affinity"), WRITE("/proc/mtrr"),
    WRITE("/proc/sys/fs/binfmt_misc/register"),
    {"S10", "lower the own out-of-memory score", lower_oom_score},
    /* S10: /sys */
    WRITE("/sys/kernel/uevent_helper"), WRITE("/sys/kernel/mm/transparent_hugepage/enabled"),
    WRITE("/sys/kernel/mm/ksm/run"), WRITE("/sys/power/state"), WRITE("/sys/block/vda/queue/read_ahead_kb"),
    WRITE("/sys/block/vda/uevent"), WRITE("/sys/class/net/lo/ifalias"), WRITE("/sys/devices/system/cpu/cpu1/online"),
    WRITE("/sys/devices/system/cpu/cpu0/uevent"), WRITE("/sys/module/kernel/parameters/consoleblank"),
    WRITE("/sys/fs/cgroup/memory/cgroup.procs"), WRITE("/sys/fs/cgroup/memory/release_agent"),
    WRITE("/sys/fs/cgroup/cpu/notify_on_release"), WRITE("/sys/fs/cgroup/devices/devices.allow"),
    WRITE("/sys/fs/cgroup/unified/cgroup.procs"),
    /* S15: what tells of the host */
    READ("/proc/keys"), READ("/proc/key-users"), READ("/proc/kcore"), READ("/proc/timer_list"), READ("/proc/interrupts"),
    READ("/proc/config.gz"), READ("/proc/sched_debug"), READ("/proc/latency_stats"), READ("/proc/slabinfo"),
    READ("/proc/vmallocinfo"), READ("/proc/pagetypeinfo"), READ("/proc/kpagecount"), READ("/proc/kpageflags"),
    READ("/proc/kpagecgroup"), {"S15", "open /proc/kmsg", real_file, "/proc/kmsg"}, LIST("/proc/acpi"), LIST("/proc/scsi"), LIST("/proc/asound"),
    {"S15", "addresses in /proc/kallsyms", tells_addresses, "/proc/kallsyms"},
    {"S15", "addresses in /proc/iomem", tells_addresses, "/proc/iomem"},
    {"S15", "addresses in /proc/ioports", tells_addresses, "/proc/ioports"}, LIST("/sys/firmware"), LIST("/sys/kernel"),
    LIST("/sys/block"), LIST("/sys/class/net"), LIST("/sys/fs/cgroup"), LIST("/sys/devices/virtual/powercap"),
    LIST("/sys/devices/system/cpu/cpu0"), LIST("/sys/bus"), LIST("/sys/module"),
    {"S15", "mount table names the host's control groups", mounts_tell, "/sys/fs/cgroup"},
    {"S15", "mount table names the host's disk", mounts_tell, "/dev/vda"},
    /* S07: devices */
    NODE(0, 254, 0, "the disk"), NODE(1, 1, 1, "mem"), NODE(1, 1, 4, "port"), NODE(1, 1, 11, "kmsg"), NODE(1, 10, 232, "kvm"),
    NODE(1, 10, 229, "fuse"), NODE(1, 10, 237, "loop-control"), NODE(1, 10, 200, "tun"), NODE(1, 10, 183, "hwrng"),
    NODE(1, 10, 234, "btrfs-control"), NODE(1, 10, 235, "autofs"), NODE(0, 7, 0, "loop0"), NODE(1, 4, 0, "tty0"), NODE(1, 5, 1, "console"),
    {"S07", "open /dev/vda", readable, "/dev/vda"}, {"S07", "open /dev/mem", writable, "/dev/mem"},
    {"S07", "open /dev/kmsg", writable, "/dev/kmsg"}, {"S07", "open /dev/fuse", writable, "/dev/fuse"},
    {"S07", "open /dev/kvm", writable, "/dev/kvm"}, {"S07", "open /dev/loop-control", writable, "/dev/loop-control"},
    {"S07", "open /dev/net/tun", writable, "/dev/net/tun"}, {"S07", "open /dev/btrfs-control", writable, "/dev/btrfs-control"},
    {"S07", "open /dev/tty0", writable, "/dev/tty0"}, SHIPPED("disk", O_RDONLY, "reading"),
    SHIPPED("kmsg", O_WRONLY, "writing"), SHIPPED("fuse", O_RDWR, "writing"), SHIPPED("kvm", O_RDWR, "writing"), SHIPPED("zero", O_RDWR, "writing"),
    /* S13: what fills up */
    {"S13", "write 48 MiB into the scratch folder", quota_of_tmp, 0, 0, 48 << 20},
    {"S13", "make 20,000 files in the scratch folder", quota_of_tmp, 0, 20000});
