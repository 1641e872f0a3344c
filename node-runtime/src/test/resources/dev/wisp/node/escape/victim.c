/*
 * A process of the host's that the probes must not find: victim IPC-KEY CANARY. The canary stands in its command line, its environment and its mount table;
 * it has shared memory, a message queue, and listens on an abstract unix socket named so. Prints "ready", and leaves when its input ends.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int count, char **words) {
  if (count != 3) return 2;
  int key = atoi(words[1]), memory = shmget(key, 4096, IPC_CREAT | 0666), queue = msgget(key, IPC_CREAT | 0666);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  char byte;
  strncpy(address.sun_path + 1, words[2], sizeof address.sun_path - 2);
  if (bind(listener, (void *)&address, offsetof(struct sockaddr_un, sun_path) + 1 + strlen(words[2])) || listen(listener, 16)) return 4;
  setsid();
  if (unshare(CLONE_NEWNS) || mount("none", "/", 0, MS_REC | MS_PRIVATE, 0) || mount(words[2], "/dev/shm", "tmpfs", 0, 0)) return 3;
  puts("ready");
  fflush(stdout);
  while (read(0, &byte, 1) > 0) continue;
  shmctl(memory, IPC_RMID, 0);
  msgctl(queue, IPC_RMID, 0);
  return 0;
}
