/*
 * The workload of the sandbox tests: started as "probe serve" it listens on $PORT and answers one command a connection with text; other first arguments make it
 * misbehave in one way each. Static, without dependencies, so that it runs in an empty image.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void answer_file(FILE *out, const char *path) {
  char buffer[4096];
  ssize_t n;
  int fd = open(path, O_RDONLY | O_NONBLOCK);
  if (fd < 0) {
    fprintf(out, "errno %d", errno);
    return;
  }
  while ((n = read(fd, buffer, sizeof buffer)) > 0) fwrite(buffer, 1, n, out);
  close(fd);
}

static void answer_list(FILE *out, const char *path) {
  DIR *folder = opendir(path);
  struct dirent *entry;
  if (!folder) {
    fprintf(out, "errno %d", errno);
    return;
  }
  while ((entry = readdir(folder))) {
    char name[1024], target[1024];
    if (entry->d_name[0] == '.') continue;
    snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
    ssize_t n = readlink(name, target, sizeof target - 1);
    target[n < 0 ? 0 : n] = 0;
    fprintf(out, "%s%s%s\n", entry->d_name, n < 0 ? "" : " -> ", target);
  }
  closedir(folder);
}

static void answer_memory(FILE *out, long mebibytes) {
  pid_t child = fork();
  int status = 0;
  if (child == 0) {
    for (long i = 0; i < mebibytes; i++) {
      char *piece = malloc(1 << 20);
      if (piece) memset(piece, 1, 1 << 20);
    }
    _exit(0);
  }
  waitpid(child, &status, 0);
  fprintf(out, "%d", WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

static void answer_forks(FILE *out, int wanted) {
  int made = 0;
  pid_t children[4096];
  while (made < wanted && made < 4096) {
    pid_t child = fork();
    if (child == 0) {
      pause();
      _exit(0);
    }
    if (child < 0) break;
    children[made++] = child;
  }
  fprintf(out, "%d", made);
  for (int i = 0; i < made; i++) kill(children[i], SIGKILL);
  for (int i = 0; i < made; i++) waitpid(children[i], 0, 0);
}

static long old_call(long number, long a, long b, long c) {
#ifdef __x86_64__
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
  return result;
#else
  return -ENOSYS;
#endif
}

/* By a child: a kernel without this way in ends who tries. */
static void answer_old_call(FILE *out, const long *number) {
  int status = 0;
  pid_t child = fork();
  if (child == 0) _exit(-old_call(number[1], number[2], number[3], number[4]) & 0xff);
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) fprintf(out, WTERMSIG(status) == SIGSEGV ? "no such way in" : "signal %d", WTERMSIG(status));
  else fprintf(out, "%d", -WEXITSTATUS(status));
}

static long cpu_micros(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void answer_burn(FILE *out, long millis) {
  long begin = cpu_micros();
  while (cpu_micros() - begin < millis * 1000) continue;
  fprintf(out, "ok");
}

static void answer_fill(FILE *out, const char *path) {
  static char block[65536];
  long total = 0;
  ssize_t n;
  int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
  while ((n = write(fd, block, sizeof block)) > 0) total += n;
  fprintf(out, "%ld %d", total, errno);
  close(fd);
  unlink(path);
}

/* Makes empty files, and takes them away again. */
static void answer_files(FILE *out, const char *folder, long wanted) {
  char path[128];
  long made = 0;
  int error = 0;
  for (; made < wanted; made++) {
    snprintf(path, sizeof path, "%s/f%ld", folder, made);
    int fd = open(path, O_CREAT | O_WRONLY | O_EXCL, 0600);
    if (fd < 0) {
      error = errno;
      break;
    }
    close(fd);
  }
  fprintf(out, "%ld %d", made, error);
  while (made-- > 0) {
    snprintf(path, sizeof path, "%s/f%ld", folder, made);
    unlink(path);
  }
}

/* Makes a file as long as that without writing anything into it. */
static void answer_lengthen(FILE *out, const char *path, long bytes) {
  int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
  fprintf(out, "%d", ftruncate(fd, bytes) ? errno : 0);
  close(fd);
}

static void answer_who(FILE *out) {
  gid_t groups[128];
  int count = getgroups(128, groups);
  fprintf(out, "%d:%d", getuid(), getgid());
  for (int i = 0; i < count; i++) fprintf(out, " %d", groups[i]);
  fprintf(out, " %s", getenv("HOME"));
}

/* Connects, or gives up after two seconds; the descriptor, or the error below zero. */
static int connected(const char *host, long port) {
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  struct timeval patience = {.tv_sec = 2};
  int is_six = inet_pton(AF_INET6, host, &six.sin6_addr) == 1;
  int fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (!is_six) inet_pton(AF_INET, host, &four.sin_addr);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (is_six ? connect(fd, (void *)&six, sizeof six) : connect(fd, (void *)&four, sizeof four)) {
    int error = errno == EINPROGRESS ? ETIMEDOUT : errno;
    close(fd);
    return -error;
  }
  return fd;
}

static void answer_tcp(FILE *out, const char *host, long port) {
  char buffer[65536];
  long total = 0;
  ssize_t n;
  int fd = connected(host, port);
  if (fd < 0) {
    fprintf(out, "errno %d", -fd);
    return;
  }
  while ((n = read(fd, buffer, sizeof buffer)) > 0) {
    if (!total) fwrite(buffer, 1, n < 64 ? n : 64, out);
    total += n;
  }
  if (total > 64) fprintf(out, " %ld", total);
  close(fd);
}

static void answer_many(FILE *out, const char *host, long port, long wanted) {
  int made = 0, open[1024];
  while (made < wanted && made < 1024 && (open[made] = connected(host, port)) >= 0) made++;
  fprintf(out, "%d", made);
  for (int i = 0; i < made; i++) close(open[i]);
}

/* Sends that many bytes; what the other side says when it has them. */
static void answer_send(FILE *out, const char *host, long port, long bytes) {
  static char block[65536];
  char said[64];
  ssize_t n = 0;
  int fd = connected(host, port);
  if (fd < 0) {
    fprintf(out, "errno %d", -fd);
    return;
  }
  /* A bound on connecting is one on sending, too. */
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &(struct timeval){.tv_sec = 60}, sizeof(struct timeval));
  for (long sent = 0; sent < bytes && n >= 0; sent += n) n = write(fd, block, bytes - sent < (long)sizeof block ? bytes - sent : (long)sizeof block);
  shutdown(fd, SHUT_WR);
  n = read(fd, said, sizeof said);
  if (n > 0) fwrite(said, 1, n, out);
  close(fd);
}

/* A datagram from each of so many sockets, and how many are answered within so many milliseconds of the last. */
static void answer_datagrams(FILE *out, const char *host, long port, long wanted, long patience) {
  static struct pollfd sockets[2048];
  struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct timespec begin, end;
  char byte;
  int made = 0, answered = 0;
  inet_pton(AF_INET, host, &there.sin_addr);
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (; made < wanted && made < 2048; made++) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) break;
    sockets[made] = (struct pollfd){fd, POLLIN, 0};
    connect(fd, (void *)&there, sizeof there);
    if (send(fd, "datagram", 8, 0) != 8) continue;
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  while (answered < made && poll(sockets, made, patience) > 0)
    for (int i = 0; i < made; i++) {
      if (!sockets[i].revents) continue;
      if (recv(sockets[i].fd, &byte, 1, MSG_DONTWAIT) == 1) answered++;
      close(sockets[i].fd);
      sockets[i].fd = -1;
    }
  for (int i = 0; i < made; i++) if (sockets[i].fd >= 0) close(sockets[i].fd);
  fprintf(out, "%d %d %ld", made, answered, (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000);
}

static void answer_resolve(FILE *out, const char *name) {
  struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
  char text[64];
  int error = getaddrinfo(name, 0, &hints, &found);
  if (error) {
    fprintf(out, "error %d", error);
    return;
  }
  inet_ntop(AF_INET, &((struct sockaddr_in *)found->ai_addr)->sin_addr, text, sizeof text);
  fprintf(out, "%s", text);
  freeaddrinfo(found);
}

static void answer(FILE *out, char *line) {
  char *word[8] = {0};
  long number[8] = {0};
  int words = 0;
  for (char *w = strtok(line, " \r\n"); w && words < 8; w = strtok(0, " \r\n")) {
    number[words] = strtol(w, 0, 0);
    word[words++] = w;
  }
  if (!words) return;
  if (!strcmp(word[0], "read")) answer_file(out, word[1]);
  else if (!strcmp(word[0], "list")) answer_list(out, word[1]);
  else if (!strcmp(word[0], "memory")) answer_memory(out, number[1]);
  else if (!strcmp(word[0], "forks")) answer_forks(out, number[1]);
  else if (!strcmp(word[0], "burn")) answer_burn(out, number[1]);
  else if (!strcmp(word[0], "fill")) answer_fill(out, word[1]);
  else if (!strcmp(word[0], "files")) answer_files(out, word[1], number[2]);
  else if (!strcmp(word[0], "lengthen")) answer_lengthen(out, word[1], number[2]);
  else if (!strcmp(word[0], "tcp")) answer_tcp(out, word[1], number[2]);
  else if (!strcmp(word[0], "many")) answer_many(out, word[1], number[2], number[3]);
  else if (!strcmp(word[0], "send")) answer_send(out, word[1], number[2], number[3]);
  else if (!strcmp(word[0], "datagrams")) answer_datagrams(out, word[1], number[2], number[3], number[4]);
  else if (!strcmp(word[0], "resolve")) answer_resolve(out, word[1]);
  else if (!strcmp(word[0], "exit")) _exit(number[1]);
  else if (!strcmp(word[0], "cwd")) fprintf(out, "%s", getcwd(0, 0));
  else if (!strcmp(word[0], "ids")) fprintf(out, "%d %d %d", getuid(), getgid(), getgroups(0, 0));
  else if (!strcmp(word[0], "who")) answer_who(out);
  else if (!strcmp(word[0], "env")) for (char **e = environ; *e; e++) fprintf(out, "%s\n", *e);
  else if (!strcmp(word[0], "stat")) {
    struct stat s;
    if (stat(word[1], &s)) fprintf(out, "errno %d", errno);
    else fprintf(out, "%d %d %o", s.st_uid, s.st_gid, s.st_mode);
  } else if (!strcmp(word[0], "write")) {
    int fd = open(word[1], O_WRONLY | O_CREAT, 0644);
    ssize_t n = fd < 0 ? -1 : write(fd, word[2], strlen(word[2]));
    fprintf(out, n < 0 ? "errno %d" : "ok", errno);
    if (fd >= 0) close(fd);
  } else if (!strcmp(word[0], "stdin")) {
    char byte;
    fprintf(out, "%zd", read(0, &byte, 1));
  } else if (!strcmp(word[0], "mount")) {
    fprintf(out, "errno %d", mount("none", word[2], word[1], 0, 0) ? errno : 0);
  } else if (!strcmp(word[0], "say")) {
    printf("%s\n", word[1]);
    fprintf(out, "ok");
  } else if (!strcmp(word[0], "call")) {
    long r = syscall(number[1], number[2], number[3], number[4], number[5], number[6], number[7]);
    fprintf(out, "%ld", r < 0 ? -(long)errno : r);
  } else if (!strcmp(word[0], "call32")) {
    answer_old_call(out, number);
  } else fprintf(out, "unknown command");
}

static int takes_descriptors;

static int serve(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(getenv("PORT")))};
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 64)) return 3;
  while (takes_descriptors && open("/dev/null", O_RDONLY) >= 0) continue;
  for (;;) {
    char line[4096];
    int connection = accept4(listener, 0, 0, SOCK_CLOEXEC);
    if (connection < 0) continue;
    ssize_t n = read(connection, line, sizeof line - 1);
    if (n > 0) {
      line[n] = 0;
      FILE *out = fdopen(connection, "w");
      answer(out, line);
      fflush(stdout);
      fclose(out);
    } else close(connection);
  }
}

static void stop(int signal) {
  (void)signal;
  static const char bye[] = "stopping\n";
  if (write(1, bye, sizeof bye - 1) < 0) _exit(1);
  _exit(0);
}

int main(int count, char **words) {
  const char *how = count > 1 ? words[1] : "serve";
  if (!strcmp(how, "serve")) return serve();
  if (!strcmp(how, "polite")) {
    signal(SIGTERM, stop);
    return serve();
  }
  if (!strcmp(how, "late")) {
    usleep(100000);
    return serve();
  }
  if (!strcmp(how, "fail")) {
    for (int i = 0; i < 30; i++) printf("line %d\n", i);
    fflush(stdout);
    fprintf(stderr, "cannot find my configuration\n");
    return 3;
  }
  if (!strcmp(how, "sleep")) {
    pause();
    return 0;
  }
  if (!strcmp(how, "greedy")) {
    for (;;) {
      char *piece = malloc(1 << 20);
      if (piece) memset(piece, 1, 1 << 20);
    }
  }
  if (!strcmp(how, "bomb")) {
    if (fork()) return serve();
    for (;;) fork();
  }
  if (!strcmp(how, "spin")) { /* on all processors, twice over */
    for (long i = 2 * sysconf(_SC_NPROCESSORS_ONLN); i > 0; i--)
      if (!fork()) for (;;) continue;
    return serve();
  }
  if (!strcmp(how, "roam")) { /* from processor to processor, without a pause */
    if (fork()) return serve();
    for (long i = 0;; i++) {
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(i / 1000 % sysconf(_SC_NPROCESSORS_CONF), &one);
      if (sched_setaffinity(0, sizeof one, &one)) return 1;
    }
  }
  if (!strcmp(how, "children")) { /* whose dead nobody waits for */
    if (fork()) return serve();
    for (;;) if (!fork()) _exit(0);
  }
  if (!strcmp(how, "descriptors")) {
    for (int i = 0; i < 50; i++) {
      if (fork()) continue;
      while (open("/dev/null", O_RDONLY) >= 0) continue;
      pause();
    }
    takes_descriptors = 1;
    return serve();
  }
  if (!strcmp(how, "disk") || !strcmp(how, "inodes")) {
    pid_t child = fork();
    if (child) return serve();
    static char block[65536];
    for (long i = 0;; i++) {
      char name[32];
      snprintf(name, sizeof name, "/tmp/f%ld", i);
      int fd = open(name, O_CREAT | O_WRONLY, 0600);
      if (fd < 0) usleep(1000);
      else {
        if (!strcmp(how, "disk")) while (write(fd, block, sizeof block) > 0) continue;
        close(fd);
      }
    }
  }
  if (!strcmp(how, "flood")) {
    if (fork()) return serve();
    for (;;) printf("%0200d\n", 7);
  }
  return 2;
}
