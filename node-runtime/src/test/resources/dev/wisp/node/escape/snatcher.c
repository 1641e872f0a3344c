/*
 * Takes the number of a process the moment it is free (S22): for each line "PID" it tries to make a child of that number until it can, ten seconds at most, and says
 * "got" or "missed". For "check" it says whether that child lives, "alive" or "dead SIGNAL", and ends it. Needs CAP_SYS_ADMIN.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_SECONDS = 10 };

struct clone_arguments {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size;
};

static pid_t snatch(pid_t number) {
  time_t end = time(0) + PATIENCE_SECONDS;
  do {
    struct clone_arguments how = {.exit_signal = SIGCHLD, .set_tid = (uintptr_t)&number, .set_tid_size = 1};
    long child = syscall(435 /* clone3 */, &how, sizeof how);
    if (child == 0)
      for (;;) pause();
    if (child > 0) return child;
    if (errno != EEXIST) return -errno;
  } while (time(0) < end);
  return -EEXIST;
}

int main(void) {
  char line[64];
  pid_t child = 0;
  while (fgets(line, sizeof line, stdin)) {
    if (strncmp(line, "check", 5)) {
      child = snatch(atoi(line));
      printf(child > 0 ? "got\n" : "missed %d\n", -child);
    } else {
      int status = 0;
      if (waitpid(child, &status, WNOHANG) == 0) {
        puts("alive");
        kill(child, SIGKILL);
        waitpid(child, 0, 0);
      } else printf("dead %d\n", WTERMSIG(status));
      child = 0;
    }
    fflush(stdout);
  }
  if (child > 0) kill(child, SIGKILL);
  return 0;
}
