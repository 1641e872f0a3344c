/*
 * Whether the mounts of a sandbox are where they belong and what they claim to be (S03, S04). Here "open" is right: a path is on the file system that it must
 * be on, and is a real folder or device.
 */
#include "escape.h"
#include <sys/statfs.h>
#include <sys/sysmacros.h>

static long is_on(const struct probe *p) {
  struct statfs of;
  struct stat itself;
  if (lstat(p->path, &itself) || statfs(p->path, &of)) return -errno;
  if (!S_ISDIR(itself.st_mode)) return -ENOTDIR;
  return of.f_type == p->a ? 1 : -ENODEV;
}

static long is_device(const struct probe *p) {
  struct stat itself;
  if (lstat(p->path, &itself)) return -errno;
  return S_ISCHR(itself.st_mode) && itself.st_rdev == makedev(p->a, p->b) ? 1 : -ENODEV;
}

static long links_to(const struct probe *p) {
  char target[64];
  ssize_t n = readlink(p->path, target, sizeof target - 1);
  if (n < 0) return -errno;
  target[n] = 0;
  return strcmp(target, p->a ? "/proc/self/fd" : "pts/ptmx") ? -ELOOP : 1;
}

static long names_itself(const struct probe *p) {
  char target[32];
  ssize_t n = readlink(p->path, target, sizeof target - 1);
  if (n < 0) return -errno;
  target[n] = 0;
  return atoi(target) == getpid() ? 1 : -ESRCH;
}

PROBES(
    {"S04", "/proc is procfs", is_on, "/proc", 0x9fa0}, {"S04", "/proc/self is this process", names_itself, "/proc/self"},
    {"S04", "/proc/sys is procfs", is_on, "/proc/sys", 0x9fa0}, {"S03", "/dev is tmpfs", is_on, "/dev", 0x1021994},
    {"S03", "/dev/pts is devpts", is_on, "/dev/pts", 0x1cd1}, {"S03", "/dev/shm is tmpfs", is_on, "/dev/shm", 0x1021994},
    {"S03", "/dev/null is null", is_device, "/dev/null", 1, 3}, {"S03", "/dev/zero is zero", is_device, "/dev/zero", 1, 5},
    {"S03", "/dev/urandom is urandom", is_device, "/dev/urandom", 1, 9}, {"S03", "/dev/ptmx is of /dev/pts", links_to, "/dev/ptmx", 0},
    {"S03", "/dev/fd is of /proc", links_to, "/dev/fd", 1}, {"S03", "/ is an overlay", is_on, "/", 0x794c7630},
    {"S03", "/etc is of the overlay", is_on, "/etc", 0x794c7630}, {"S03", "/tmp is of the overlay", is_on, "/tmp", 0x794c7630},
    {"S03", "/sys is of the overlay", is_on, "/sys", 0x794c7630});
