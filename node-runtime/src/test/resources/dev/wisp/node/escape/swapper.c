/*
 * Swaps entries of folders for each other, without a pause and without a moment in which one is missing: swapper FIRST SECOND [FIRST SECOND ...], until its
 * input ends. Prints "ready", and at the end how often.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int count, char **words) {
  struct pollfd input = {0, POLLIN, 0};
  long swaps = 0;
  puts("ready");
  fflush(stdout);
  for (long round = 0; round % 64 || poll(&input, 1, 0) == 0; round++)
    for (int i = 1; i + 1 < count; i += 2) {
      if (syscall(SYS_renameat2, AT_FDCWD, words[i], AT_FDCWD, words[i + 1], 2 /* RENAME_EXCHANGE */)) {
        perror(words[i]);
        return 1;
      }
      swaps++;
    }
  printf("%ld\n", swaps);
  return 0;
}
