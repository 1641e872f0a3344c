/*
 * Changing the network of the sandbox, and packets made by hand (S19). The control runs in a network namespace of its own.
 */
#include "escape.h"
#include <arpa/inet.h>
#include <net/if.h>

/* In a namespace just made lo is down; only the control, which is allowed to, can change that. */
static void loopback_up(void) {
  struct ifreq request = {0};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  ioctl(fd, 0x8914, &request);
  close(fd);
}

static long configures(const struct probe *p) {
  struct ifreq request = {0};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  strcpy(request.ifr_name, "lo");
  if (ioctl(fd, 0x8913 /* SIOCGIFFLAGS */, &request)) return -errno;
  if (p->a == 0x8914) return answer(ioctl(fd, 0x8914 /* SIOCSIFFLAGS, to what they are */, &request));
  request.ifr_mtu = 60000;
  return answer(ioctl(fd, p->a, &request));
}

static long address_added(const struct probe *p) {
  struct {
    uint32_t length;
    uint16_t type, flags;
    uint32_t sequence, pid;
    uint8_t family, prefix, bits, scope;
    uint32_t index;
    uint16_t size, what;
    uint8_t address[4];
  } message = {28, p->a, 5 /* REQUEST|ACK */, 1, 0, AF_INET, 32, 0, 0, if_nametoindex("lo"), 8, 2, {127, 9, 9, 9}};
  struct {
    uint32_t length;
    uint16_t type, flags;
    uint32_t sequence, pid;
    int32_t error;
    char rest[512];
  } reply;
  message.length = sizeof message;
  int fd = socket(16, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  if (send(fd, &message, sizeof message, 0) < 0 || recv(fd, &reply, sizeof reply, 0) < 20) return -errno;
  return reply.type == 2 ? reply.error : -EINVAL;
}

static long option(const struct probe *p) {
  int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return answer(setsockopt(fd, p->a, p->b, &one, sizeof one));
}

static long to_device(const struct probe *p) {
  (void)p;
  int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 1);
  return fd < 0 ? -errno : answer(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
}

static long queue(const struct probe *p) {
  (void)p;
  return answer(socket(16, SOCK_RAW | SOCK_CLOEXEC, 12));
}

static long forged(const struct probe *p) {
  unsigned char packet[28] = {0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 127, 7, 7, 7, 127, 0, 0, 1, 0, 53, 0, 9, 0, 8, 0, 0};
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  (void)p;
  loopback_up();
  return fd < 0 ? -errno : answer(sendto(fd, packet, sizeof packet, 0, (void *)&address, sizeof address));
}

static long listens_to_all(const struct probe *p) {
  int fd = socket(17 /* AF_PACKET */, p->a | SOCK_CLOEXEC, htons(3));
  return answer(fd);
}

PROBES(
    {"S19", "set the flags of lo", configures, 0, 0x8914}, {"S19", "set the size of packets on lo", configures, 0, 0x8922},
    {"S19", "add an address by netlink", address_added, 0, 20}, {"S19", "bind to a foreign address", option, 0, 0 /* IP */, 19 /* IP_TRANSPARENT */},
    {"S19", "mark packets", option, 0, SOL_SOCKET, 36 /* SO_MARK */}, {"S19", "a buffer beyond the limit", option, 0, SOL_SOCKET, 32 /* SO_SNDBUFFORCE */},
    {"S19", "raw socket on a device", to_device}, {"S19", "send a packet with a forged sender", forged}, {"S19", "listen to all packets", listens_to_all, 0, SOCK_RAW},
    {"S19", "queue of packets by netlink", queue});
