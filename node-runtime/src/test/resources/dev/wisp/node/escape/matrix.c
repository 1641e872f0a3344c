/*
 * What the filter says to every system call, without making one of them: a child adds a filter of its own that sends each call to this program, which answers
 * with an error of its own. The kernel takes the strictest answer of all filters, so a call that the sandbox's filter refuses never arrives here.
 *
 * A connection's first line: entry=x86-64|x32|i386 count=N a=.. b=.. c=.. (arguments of all calls). The answer: a line "number result" for each, or
 * "no such way in" where the kernel ends who tries it.
 */
#define ESCAPE_OWN_RUN
#include "escape.h"

enum { ARRIVED = 117 /* EUCLEAN, which nothing else returns */, COUNT_MAX = 4096 };

/* The kernel lets uretprobe and uprobe past every filter, and kills who calls them from anywhere but its own code. */
enum { PROBE_FIRST = 335, PROBE_LAST = 336 };

struct instruction {
  uint16_t code;
  uint8_t if_true, if_false;
  uint32_t value;
};

struct shared {
  volatile int ready, listener, error, done;
  int result[COUNT_MAX];
};

/* How the child that makes the calls ended. */
static int end;

static long value_of(const char *name) { return strtoul(parameter(name, "0"), 0, 0); }

static long raw(long number, long a, long b, long c) {
  long result = -ENOSYS;
#ifdef __x86_64__
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "memory", "rcx", "r11");
#endif
  return result;
}

static long raw_old(long number, long a, long b, long c) {
  long result = -ENOSYS;
#ifdef __x86_64__
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
#endif
  return (int)result;
}

static void make_calls(struct shared *shared, int count, const char *entry, long a, long b, long c) {
  static const struct instruction all[] = {{6, 0, 0, 0x7fc00000 /* to the listener */}};
  struct {
    uint16_t length;
    const struct instruction *code;
  } program = {1, all};
  int old = !strcmp(entry, "i386");
  long bit = strcmp(entry, "x32") ? 0 : 0x40000000;
  int listener = syscall(SYS_seccomp, 1, 8 /* NEW_LISTENER */, &program);
  shared->listener = listener;
  shared->error = listener < 0 ? errno : 0;
  shared->ready = 1;
  if (listener >= 0)
    for (int number = 0; number < count; number++)
      if (number < PROBE_FIRST || number > PROBE_LAST) shared->result[number] = old ? raw_old(number, a, b, c) : raw(bit | number, a, b, c);
  shared->done = 1;
  for (;;) __asm__ volatile("" ::: "memory");
}

/* Answers until the child has made its last call. */
static void answer_calls(struct shared *shared, pid_t child) {
  struct {
    uint64_t id;
    uint32_t pid, flags;
    struct {
      int number;
      uint32_t architecture;
      uint64_t at, arguments[6];
    } data;
  } asked;
  struct {
    uint64_t id;
    int64_t value;
    int32_t error;
    uint32_t flags;
  } reply;
  while (!shared->done && !waitpid(child, &end, WNOHANG)) {
    struct pollfd wait = {shared->listener, POLLIN, 0};
    if (poll(&wait, 1, 5) != 1) continue;
    memset(&asked, 0, sizeof asked);
    if (ioctl(shared->listener, 0xc0502100 /* NOTIF_RECV */, &asked)) continue;
    reply.id = asked.id;
    reply.value = 0;
    reply.error = -ARRIVED;
    reply.flags = 0;
    ioctl(shared->listener, 0xc0182101 /* NOTIF_SEND */, &reply);
  }
}

static void run_all(FILE *out) {
  struct shared *shared = mmap(0, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  char entry[512];
  int count = value_of("count");
  long a = value_of("a"), b = value_of("b"), c = value_of("c");
  snprintf(entry, sizeof entry, "%s", parameter("entry", "x86-64"));
  if (count > COUNT_MAX) count = COUNT_MAX;
  /* The listener must appear in this process's table. */
  long child = syscall(SYS_clone, 0x400 /* CLONE_FILES */ | SIGCHLD, 0, 0, 0, 0);
  if (child == 0) {
    syscall(SYS_prctl, 38 /* NO_NEW_PRIVS */, 1, 0, 0, 0);
    make_calls(shared, count, entry, a, b, c);
  }
  end = 0;
  while (!shared->ready && !waitpid(child, &end, WNOHANG)) usleep(100);
  if (shared->listener >= 0) answer_calls(shared, child);
  kill(child, SIGKILL);
  waitpid(child, 0, 0);
  close(shared->listener);
  if (!shared->done && WIFSIGNALED(end) && WTERMSIG(end) == SIGSEGV) fprintf(out, "no such way in\n");
  else if (!shared->done || shared->error) fprintf(out, "no listener: %d\n", shared->error);
  else
    for (int number = 0; number < count; number++)
      if (number < PROBE_FIRST || number > PROBE_LAST) fprintf(out, "%d %d\n", number, shared->result[number]);
  munmap(shared, sizeof *shared);
}
