/*
 * Runs the machine code of another architecture: compiled together with trampoline.h, which the test writes (code, offsets, layout, filter, numbers). Prints what
 * every row returned and how each child ended, line by line. As first process of a machine it powers it off at the end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trampoline.h"

_Static_assert(AUDIT_NAME == AUDIT_ARCH_AARCH64, "audit name");
_Static_assert(DIRECTORY_FLAG == O_DIRECTORY, "O_DIRECTORY");
_Static_assert(NO_FOLLOW_FLAG == O_NOFOLLOW, "O_NOFOLLOW");

static char *table, *page;
static int rows;

static void *at(int row, int field) { return table + HEADER_BYTES + row * ROW_BYTES + field; }

static void row(int flags, int excused, long number, long a, long b, long c) {
  long arguments[6] = {a, b, c, 0, 0, 0};
  *(long *)at(rows, NUMBER) = number;
  memcpy(at(rows, ARGUMENTS), arguments, sizeof arguments);
  *(int *)at(rows, FLAGS) = flags;
  *(int *)at(rows, EXCUSED) = excused;
  rows++;
}

static void clear(void) {
  memset(table, 0, 65536);
  rows = 0;
  *(int *)(table + TID_WORD) = 1;
  umask(027);
}

/* A child that starts where a cloned one would, for emulators that cannot clone like that. */
static int walk(void) {
  pid_t child = fork();
  if (child == 0) {
    register long header __asm__("x2") = (long)table;
    __asm__ volatile("br %0" ::"r"(page + CHILD_OFFSET), "r"(header));
    __builtin_unreachable();
  }
  return child;
}

static int end_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, __WALL);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void open_gate(void) {
  usleep(20000);
  __atomic_store_n((int *)(table + START_GATE), 1, __ATOMIC_RELEASE);
  syscall(__NR_futex, table + START_GATE, FUTEX_WAKE, 1, 0, 0, 0);
}

static void print(const char *what, int code) {
  long failed = *(long *)(table + FAILED_ROW);
  printf("%s:", what);
  for (int i = 0; i < rows; i++) printf(" %ld", *(long *)at(i, RESULT));
  printf(" exit %d failed %ld stamped %d\n", code, failed ? (failed - (long)at(0, 0)) / ROW_BYTES : -1L,
         *(long *)at(0, STAMP) != 0);
}

/* Every feature of a table; the write gets its descriptor, a bad one, from the row before. */
static void good_program(void) {
  clear();
  row(0, 0, __NR_umask, 022, 0, 0);
  row(0, -1, __NR_chdir, (long)"/no/such/folder", 0, 0);
  row(0, ENOENT, __NR_chdir, (long)"/no/such/folder", 0, 0);
  row(0, -1, __NR_openat, -1, (long)"relative", 0);
  row(FLAG_PREVIOUS, -1, __NR_write, 0, (long)"x", 1);
  row(FLAG_GATE, -1, __NR_futex, (long)(table + START_GATE), FUTEX_WAIT, 0);
  row(0, 0, __NR_exit_group, 7, 0, 0);
}

static void bad_program(void) {
  clear();
  row(0, 0, __NR_umask, 022, 0, 0);
  row(0, EEXIST, __NR_chdir, (long)"/no/such/folder", 0, 0);
  row(0, 0, __NR_exit_group, 0, 0, 0);
}

static void filtered(void) {
  struct sock_fprog program = {.len = sizeof filter / 8, .filter = (void *)filter};
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)) _exit(errno);
    int ok = getppid() > 0;
    ok = ok && unshare(CLONE_NEWUSER) == -1 && errno == EPERM;
    ok = ok && syscall(435, 0, 0) == -1 && errno == ENOSYS;
    ok = ok && syscall(__NR_keyctl, 0, 0) == -1 && errno == EPERM;
    ok = ok && syscall(__NR_socket, 40, 1, 0) == -1 && errno == EPERM;
    ok = ok && syscall(__NR_socket, 1, 1, 0) >= 0;
    _exit(ok ? 200 : 201);
  }
  printf("filter: exit %d\n", end_of(child));
}

static void spawned(void) {
  /* VM, FILES, PIDFD, CLEAR_SIGHAND, CHILD_CLEARTID, as the runtime's spawner fills it. */
  long args[11] = {0x100200000L | CLONE_VM | CLONE_FILES | 0x1000, (long)(table + PIDFD), (long)(table + TID_WORD), 0, SIGCHLD,
                   (long)(table + 61440), 4096};
  long (*spawn)(void *, long, void *) = (void *)(page + SPAWN_OFFSET);
  good_program();
  long pid = spawn(args, sizeof args, table);
  if (pid < 0) {
    printf("spawn: %ld\n", pid);
    return;
  }
  open_gate();
  int code = end_of(pid);
  print("spawn", code);
  printf("spawn: tid word %d\n", *(int *)(table + TID_WORD));
}

int main(void) {
  int first = getpid() == 1;
  if (first) {
    mount("devtmpfs", "/dev", "devtmpfs", 0, 0);
    int console = open("/dev/console", O_RDWR);
    for (int i = 0; i < 3; i++) dup2(console, i);
  }
  setvbuf(stdout, 0, _IONBF, 0);
  table = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(page, code, sizeof code);
  if (mprotect(page, 4096, PROT_READ | PROT_EXEC)) return 2;

  good_program();
  pid_t child = walk();
  open_gate();
  print("good", end_of(child));
  bad_program();
  print("bad", end_of(walk()));

  long (*ticks)(void) = (void *)(page + CLOCK_OFFSET);
  long before = ticks();
  usleep(2000);
  printf("clock: %d\n", ticks() > before);
  filtered();
  spawned();
  printf("done\n");
  if (first) reboot(RB_POWER_OFF);
  return 0;
}
