/* Says by its exit code whether it runs with more rights than who started it: 0 if it does. */
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
  uint32_t header[2] = {0x20080522, 0}, data[6] = {0};
  syscall(SYS_capget, header, data);
  return geteuid() != getuid() || getegid() != getgid() || data[1] | data[4] ? 0 : 1;
}
