/*
 * Processes that try to outlive the one that started them (S14), each named for how. With $PORT set it is a workload: it makes them, then listens, and ends when it is
 * asked "exit". As "survivors defiant" it makes none that stay, but two that fork without a pause, and takes every stop signal without ending (S22). As "survivors
 * control", which must be the first process of a pid namespace, it is a runtime that kills only the process it has started, and says who is left.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(const char *name) {
  for (int number = 1; number < 65; number++) signal(number, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
  prctl(PR_SET_NAME, name);
}

static void stay(const char *name) {
  become(name);
  for (;;) pause();
}

static void twice(const char *name) {
  if (fork() == 0) stay(name);
  _exit(0);
}

static void by_fork(void) { stay("w-fork"); }
static void by_double_fork(void) { twice("w-double"); }

static void by_session(void) {
  setsid();
  stay("w-session");
}

static void as_daemon(void) {
  setsid();
  twice("w-daemon");
}

static void stopped(void) {
  become("w-stopped");
  raise(SIGSTOP);
  for (;;) pause();
}

/* A parent that the kernel lets go on only when its child has. */
static void in_vfork(void) {
  become("w-vfork");
  if (vfork() == 0)
    for (;;) pause();
  for (;;) pause();
}

/* Never the same for long: whoever lists it lists one that has ended. */
static void hot_potato(void) {
  become("w-potato");
  for (;;) {
    pid_t next = fork();
    if (next > 0) _exit(0);
    usleep(500);
  }
}

static void *goes_on(void *nothing) {
  for (;;) pause();
  return nothing;
}

static void without_leader(void) {
  pthread_t thread;
  become("w-thread");
  pthread_create(&thread, 0, goes_on, 0);
  pthread_exit(0);
}

static const struct {
  const char *name;
  void (*live)(void);
} kinds[] = {{"w-fork", by_fork},    {"w-double", by_double_fork}, {"w-session", by_session}, {"w-daemon", as_daemon},
             {"w-stopped", stopped}, {"w-vfork", in_vfork},        {"w-thread", without_leader}, {"w-potato", hot_potato}};

enum { KINDS = sizeof kinds / sizeof kinds[0], ALL = (1 << KINDS) - 1 };

/* A bit for each kind of which there is one. */
static int alive(void) {
  int found = 0;
  struct dirent *entry;
  DIR *folder = opendir("/proc");
  while ((entry = readdir(folder))) {
    char path[300], name[32] = "";
    snprintf(path, sizeof path, "/proc/%s/comm", entry->d_name);
    FILE *file = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? fopen(path, "r") : 0;
    if (!file) continue;
    if (fgets(name, sizeof name, file)) name[strcspn(name, "\n")] = 0;
    fclose(file);
    for (int i = 0; i < KINDS; i++)
      if (!strcmp(name, kinds[i].name)) found |= 1 << i;
  }
  closedir(folder);
  return found;
}

static int await_kinds(int wanted) {
  int found = 0;
  /* The potato may be between two of itself. */
  for (int i = 0; i < 2000 && (found & wanted) != wanted; i++) {
    found |= alive();
    usleep(1000);
  }
  return (found & wanted) == wanted;
}

/* The potato when the others are there: nobody waits for its dead, and on a slow machine they take all the processes a sandbox may have before the others are made. */
static int spawn_all(void) {
  int others = KINDS - 1;
  for (int i = 0; i < others; i++)
    if (fork() == 0) kinds[i].live();
  if (!await_kinds(ALL >> 1)) return 0;
  if (fork() == 0) kinds[others].live();
  return 1;
}

static int control(void) {
  pid_t first = fork();
  if (first == 0) {
    spawn_all();
    for (;;) pause();
  }
  if (!await_kinds(ALL)) return 3;
  kill(first, SIGKILL);
  waitpid(first, 0, 0);
  int left = 0;
  for (int i = 0; i < 50; i++) {
    left |= alive();
    usleep(1000);
  }
  for (int i = 0; i < KINDS; i++) printf("S14\t%s\t%s\t%s\n", kinds[i].name, left >> i & 1 ? "open" : "refused", left >> i & 1 ? "" : "ESRCH");
  return 0;
}

static void not_yet(int number) { (void)number; }

static void defy(void) {
  signal(SIGTERM, not_yet);
  for (int i = 0; i < 2; i++)
    if (fork() == 0) {
      signal(SIGCHLD, SIG_IGN);
      for (;;)
        if (fork() == 0) _exit(0);
        else usleep(200);
    }
}

static int serve(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(getenv("PORT")))};
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 16)) return 3;
  for (;;) {
    char line[64] = "";
    int connection = accept4(listener, 0, 0, SOCK_CLOEXEC);
    if (connection < 0) continue;
    if (read(connection, line, sizeof line - 1) > 0 && !strncmp(line, "exit", 4)) _exit(0);
    close(connection);
  }
}

int main(int count, char **words) {
  if (count > 1 && !strcmp(words[1], "control")) return control();
  if (count > 1 && !strcmp(words[1], "defiant")) defy();
  else {
    if (!spawn_all() || !await_kinds(ALL)) return 4;
  }
  return serve();
}
