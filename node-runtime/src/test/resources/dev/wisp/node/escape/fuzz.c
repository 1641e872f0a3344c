/*
 * System calls with random numbers and arguments, in children that die of them, for a time that is given (S12). What they have changed of what the kernel keeps for
 * this program's namespaces is a verdict each; that the host outside is as it was is for the test to see.
 *
 * Parameters: millis=N seed=N calls=all|confined. With "confined" only such are made as change nothing but namespaces and processes of the fuzzer's own: that is the control.
 * A last line says how many calls returned.
 */
#define ESCAPE_OWN_RUN
#include "escape.h"
#include <sys/utsname.h>
#include <sys/time.h>
#include <time.h>

enum { CHILDREN = 6, ROUND_MICROS = 40000, WAKE_MICROS = 1000, NUMBER_MAX = 520, SIZE = 1 << 16 };

/* Not umount: of the root it would make the host's own read-only. */
static const int confined[] = {SYS_sethostname, SYS_setdomainname, SYS_mount, SYS_chroot, SYS_unshare, SYS_personality, SYS_getpid};

static const char *const words[] = {"/",     "/proc",          "/proc/self/root", "/dev",      "/dev/shm", "/sys", "/etc/passwd", "/tmp/fuzz", "..",
                                    "tmpfs", "/proc/1/environ", "proc",           "/proc/1/ns/net", "/dev/null", "",   "cgroup",     "overlay",   "/dev/mqueue"};

static uint64_t state;

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

/* Values that programs pass, those at the edges, and any. */
static long argument(char *memory) {
  switch (next() % 10) {
    case 0: return 0;
    case 1: return next() % 16;
    case 2: return -1;
    case 3: return 1L << (next() % 64);
    case 4: return next() % 300;
    case 5: return (long)(memory + next() % SIZE);
    case 6: return (long)words[next() % (sizeof words / sizeof words[0])];
    case 7: return (long)memory;
    case 8: return getpid() + (long)(next() % 5) - 2;
    default: return next();
  }
}

static long old_way(long number, long a, long b, long c) {
  long result = -ENOSYS;
#ifdef __x86_64__
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
#endif
  return result;
}

/* Kernels without this way in end who takes it. */
static int has_old_way(void) {
  int status = 1;
  pid_t child = fork();
  if (child == 0) {
    old_way(20 /* getpid */, 0, 0, 0);
    _exit(0);
  }
  if (child > 0) waitpid(child, &status, 0);
  return status == 0;
}

static int takes_old_way;

static void one_call(char *memory, int is_confined) {
  long a = argument(memory), b = argument(memory), c = argument(memory), d = argument(memory), e = argument(memory), f = argument(memory);
  long number = next() % NUMBER_MAX;
  if (is_confined) {
    number = confined[next() % (sizeof confined / sizeof confined[0])];
    /* New mounts of memory, and no changes of others. */
    if (number == SYS_mount) a = (long)"tmpfs", c = (long)"tmpfs", d = next() % 16, e = 0;
    if (number == SYS_sethostname || number == SYS_setdomainname) b = next() % 40;
    syscall(number, a, b, c, d, e, f);
    return;
  }
  if (number == SYS_exit || number == SYS_exit_group) return;
  /* Its limits may be set by who has the same user; without them this program could not tell. */
  if (number == SYS_prlimit64 && a == 1) a = 0;
  switch (next() % 16) {
    case 0: syscall(number | 0x40000000, a, b, c, d, e, f); break;
    case 1:
      if (takes_old_way) {
        old_way(number % 450, a, b, c);
        break;
      }
      /* fallthrough */
    default: syscall(number, a, b, c, d, e, f);
  }
}

static void woken(int number) { (void)number; }

/* Half of the calls that wait would be a child's last otherwise. What it does to its own signals and timers holds until it is set again. */
static void wake_often(void) {
  struct sigaction act = {.sa_handler = woken};
  struct itimerval often = {{0, WAKE_MICROS}, {0, WAKE_MICROS}};
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, 0);
  sigaction(SIGALRM, &act, 0);
  setitimer(ITIMER_REAL, &often, 0);
}

/* Never returns; ends by what it does or by its parent. */
static void fuzz(volatile long *calls, uint64_t seed, int is_confined) {
  state = seed | 1;
  syscall(SYS_close_range, 3, ~0u, 0);
  for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
  die_first();
  /* A name inside that is this child's to write to. */
  if (chdir("/tmp")) _exit(1);
  char *memory = mmap(0, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) _exit(1);
  for (;;) {
    for (int i = 0; i < SIZE; i += 8) *(uint64_t *)(memory + i) = next() & next();
    for (int i = 0; i < 64; i++) {
      if (i % 8 == 0) wake_often();
      one_call(memory, is_confined);
      __atomic_add_fetch(calls, 1, __ATOMIC_RELAXED);
    }
  }
}

struct seen {
  struct utsname name;
  char mounts[16384];
  int length;
};

/* Opened before any call is made: a child that is root owns "/", and without capabilities nobody finds a path once its mode is 0. */
static int mounts;

/* What is the namespaces', and no child's alone. */
static struct seen look_once(void) {
  static struct seen seen;
  ssize_t n = -1;
  uname(&seen.name);
  seen.length = 0;
  if (lseek(mounts, 0, SEEK_SET) == 0)
    while ((n = read(mounts, seen.mounts + seen.length, sizeof seen.mounts - 1 - seen.length)) > 0) seen.length += n;
  if (n < 0) seen.length = -errno;
  return seen;
}

/* Memory that the children held may be free a moment later only. */
static struct seen look(void) {
  struct seen seen = look_once();
  for (int i = 0; i < 1000 && seen.length <= 0; i++) {
    usleep(2000);
    seen = look_once();
  }
  return seen;
}

static void verdict(FILE *out, const char *what, int changed) {
  fprintf(out, "S12\trandom calls change %s\t%s\n", what, changed ? "open\t" : "refused\tEPERM");
}

/* How many calls returned; none where a child has written over the count, which it can. */
static long round_of_children(volatile long *calls, int is_confined) {
  pid_t children[CHILDREN];
  *calls = 0;
  for (int i = 0; i < CHILDREN; i++) {
    uint64_t seed = next();
    children[i] = fork();
    if (children[i] == 0) fuzz(calls, seed, is_confined);
  }
  usleep(ROUND_MICROS);
  for (int i = 0; i < CHILDREN; i++)
    if (children[i] > 0) kill(children[i], SIGKILL);
  /* Their children too: inside, as in the control, everything else is of this program. */
  if (getpid() == 1) kill(-1, SIGKILL);
  while (waitpid(-1, 0, __WALL) > 0) continue;
  return *calls > 0 && *calls < ROUND_MICROS * CHILDREN ? *calls : 0;
}

static long now_millis(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void run_all(FILE *out) {
  long millis = atol(parameter("millis", "1000")), end = now_millis() + millis;
  uint64_t seed = strtoull(parameter("seed", "1"), 0, 10);
  int is_confined = !strcmp(parameter("calls", "all"), "confined");
  volatile long *calls = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  mounts = open("/proc/self/mounts", O_RDONLY | O_CLOEXEC);
  struct seen before = look(), after;
  long total = 0;
  fflush(out);
  state = seed | 1;
  takes_old_way = has_old_way();
  while (now_millis() < end) total += round_of_children(calls, is_confined);
  after = look();
  verdict(out, "the name of the host", strcmp(before.name.nodename, after.name.nodename) != 0);
  verdict(out, "the name of the domain", memcmp(before.name.domainname, after.name.domainname, sizeof before.name.domainname) != 0);
  verdict(out, "the mounts", before.length != after.length || memcmp(before.mounts, after.mounts, after.length > 0 ? after.length : 0));
  fprintf(out, "calls\t%ld\t%d %d", total, before.length, after.length);
  for (int i = 0, line = 0; i < after.length; i++) {
    if (before.mounts[i] != after.mounts[i]) {
      fprintf(out, " %.*s", (int)strcspn(after.mounts + line, "\n"), after.mounts + line);
      break;
    }
    if (after.mounts[i] == '\n') line = i + 1;
  }
  fputc('\n', out);
  close(mounts);
  munmap((void *)calls, 4096);
}
