/*
 * What the escape programs share. A program is a list of probes; each is one attempt to do what a workload must not. A probe returns a number that is not
 * negative when the attempt got through, and minus the error when it was refused. It runs in a child of its own, so that it may crash, hang or ruin itself.
 *
 * One line a probe: row of the threat list, name, "open" or "refused", error; "failed" where there was no attempt, which is no verdict. With $PORT set the program is a server that runs the list for every
 * connection; without, it runs it once and prints. Parameters are words "name=value", on the command line or in the connection's first line.
 *
 * A probe whose attempt cannot be made harmlessly asks for something the kernel looks at only after it has checked the rights: the error that comes then
 * counts as through.
 */
#ifndef ESCAPE_H
#define ESCAPE_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct probe {
  const char *row;
  const char *name;
  long (*attempt)(const struct probe *);
  const char *path;
  long a, b, c;
};

extern const struct probe probes[];
extern const int probe_count;

#define PROBES(...)                            \
  const struct probe probes[] = {__VA_ARGS__}; \
  const int probe_count = sizeof probes / sizeof probes[0]

static char parameters[4096];

static inline const char *parameter(const char *name, const char *otherwise) {
  static char value[512];
  size_t length = strlen(name);
  for (const char *at = parameters; at; at = strchr(at, ' ') ? strchr(at, ' ') + 1 : 0)
    if (!strncmp(at, name, length) && at[length] == '=') {
      snprintf(value, sizeof value, "%s", at + length + 1);
      value[strcspn(value, " \r\n")] = 0;
      return value;
    }
  return otherwise;
}

/* The answer of a call: its result, or minus the error. */
static inline long answer(long result) { return result < 0 ? -(long)errno : result; }

/* Errors that come only behind the check of rights count as through. */
static inline long beyond(long result, int first, int second) {
  return result == -first || result == -second ? 0 : result;
}

static inline long call(long number, long a, long b, long c, long d, long e, long f) {
  return answer(syscall(number, a, b, c, d, e, f));
}

/* Memory that no process maps is nobody's: the kernel would as soon kill the one that reports. */
static inline void die_first(void) {
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd >= 0) {
    if (write(fd, "1000", 4) != 4) raise(SIGABRT);
    close(fd);
  }
}

#ifdef ESCAPE_OWN_RUN
static void run_all(FILE *out);
#else
static const char *error_name(long error) {
  static const struct {
    int number;
    const char *name;
  } names[] = {{EPERM, "EPERM"},   {ENOENT, "ENOENT"}, {ESRCH, "ESRCH"},   {EIO, "EIO"},       {ENXIO, "ENXIO"},
               {EBADF, "EBADF"},   {ECHILD, "ECHILD"}, {EAGAIN, "EAGAIN"}, {ENOMEM, "ENOMEM"}, {EACCES, "EACCES"},
               {EBUSY, "EBUSY"},   {EEXIST, "EEXIST"}, {ENODEV, "ENODEV"}, {ENOTDIR, "ENOTDIR"}, {EINVAL, "EINVAL"},
               {EMFILE, "EMFILE"}, {ENOTTY, "ENOTTY"}, {ETXTBSY, "ETXTBSY"}, {ENOSPC, "ENOSPC"}, {EROFS, "EROFS"},
               {ENOSYS, "ENOSYS"}, {ELOOP, "ELOOP"},   {ENODATA, "ENODATA"}, {ETIME, "ETIME"}, {EOPNOTSUPP, "EOPNOTSUPP"},
               {EAFNOSUPPORT, "EAFNOSUPPORT"}, {ENETUNREACH, "ENETUNREACH"}, {ECONNREFUSED, "ECONNREFUSED"},
               {EPROTONOSUPPORT, "EPROTONOSUPPORT"}, {EUSERS, "EUSERS"}, {EINTR, "EINTR"}, {EFAULT, "EFAULT"},
               {EADDRNOTAVAIL, "EADDRNOTAVAIL"}, {EFBIG, "EFBIG"}, {EHOSTUNREACH, "EHOSTUNREACH"}};
  static char other[24];
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (names[i].number == error) return names[i].name;
  snprintf(other, sizeof other, "%ld", error);
  return other;
}

static void run_probe(FILE *out, const struct probe *probe) {
  long *result = mmap(0, sizeof *result, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int status = 0;
  *result = -EINTR;
  fflush(out);
  pid_t child = fork();
  if (child == 0) {
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
    alarm(20);
    die_first();
    /* Where mounts can be changed, each probe changes its own. */
    if (!strcmp(parameter("mounts", ""), "private")) unshare(CLONE_NEWNS);
    *result = probe->attempt(probe);
    _exit(0);
  }
  if (child < 0) {
    fprintf(out, "%s\t%s\tfailed\t%s\n", probe->row, probe->name, error_name(errno));
    munmap(result, sizeof *result);
    return;
  }
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status))
    fprintf(out, "%s\t%s\trefused\tsignal %d\n", probe->row, probe->name, WTERMSIG(status));
  else if (*result >= 0) fprintf(out, "%s\t%s\topen\t\n", probe->row, probe->name);
  else fprintf(out, "%s\t%s\trefused\t%s\n", probe->row, probe->name, error_name(-*result));
  munmap(result, sizeof *result);
}

/* What any program may do: have a child, memory and a socket. Who cannot is refused everything, which proves nothing. */
static int is_able(void) {
  int pair[2], status = -1;
  char byte = 0;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) return 0;
  pid_t child = fork();
  if (child == 0) {
    char *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) _exit(1);
    *page = 'x';
    _exit(write(pair[1], page, 1) != 1);
  }
  if (child > 0) waitpid(child, &status, 0);
  int able = child > 0 && status == 0 && read(pair[0], &byte, 1) == 1 && byte == 'x';
  close(pair[0]);
  close(pair[1]);
  return able;
}

static void run_all(FILE *out) {
  for (int i = 0; i < probe_count; i++) {
    if (!is_able()) fprintf(out, "%s\tordinary work before %s\tfailed\t\n", probes[i].row, probes[i].name);
    run_probe(out, &probes[i]);
  }
  if (!is_able()) fprintf(out, "-\tordinary work at the end\tfailed\t\n");
}
#endif

static int serve(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 16)) return 3;
  for (;;) {
    int connection = accept4(listener, 0, 0, SOCK_CLOEXEC);
    if (connection < 0) continue;
    ssize_t n = read(connection, parameters, sizeof parameters - 1);
    if (n > 0) {
      parameters[n] = 0;
      FILE *out = fdopen(connection, "w");
      run_all(out);
      fclose(out);
    } else close(connection);
  }
}

int main(int count, char **words) {
  const char *port = getenv("PORT");
  if (port) return serve(atoi(port));
  for (int i = 1; i < count; i++) {
    strncat(parameters, words[i], sizeof parameters - strlen(parameters) - 2);
    strcat(parameters, " ");
  }
  run_all(stdout);
  return 0;
}
#endif
