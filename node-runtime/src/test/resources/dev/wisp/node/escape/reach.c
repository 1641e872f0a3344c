/*
 * What of the network can be reached from inside (S19), and whether anything of the node listens where a workload can speak to it (S21). "port" and "unix" name
 * a listener of the host's, "path" a socket file of its. The control runs in the host's network: nothing here changes it.
 */
#include "escape.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <stddef.h>
#include <sys/un.h>

static long connects_to(const char *ip, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct pollfd wait;
  int error = 0, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  socklen_t size = sizeof error;
  inet_pton(AF_INET, ip, &address.sin_addr);
  if (fd < 0) return -errno;
  if (!connect(fd, (void *)&address, sizeof address)) return 1;
  if (errno != EINPROGRESS) return -errno;
  wait = (struct pollfd){fd, POLLOUT, 0};
  if (poll(&wait, 1, 2000) != 1) return -ETIME;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error ? -error : 1;
}

static long reaches(const struct probe *p) { return connects_to(p->path, atoi(parameter("port", "1"))); }

/* Whether there is a way at all: a datagram's socket finds its route when it connects, and nothing is sent. */
static long has_route(const struct probe *p) {
  int fd;
  if (strchr(p->path, ':')) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(9)};
    inet_pton(AF_INET6, p->path, &address.sin6_addr);
    fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return answer(connect(fd, (void *)&address, sizeof address));
  }
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
  inet_pton(AF_INET, p->path, &address.sin_addr);
  fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  return answer(connect(fd, (void *)&address, sizeof address));
}

static long reaches_abstract(const struct probe *p) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const char *name = parameter("unix", "none");
  int fd = socket(AF_UNIX, p->a | SOCK_CLOEXEC, 0);
  strncpy(address.sun_path + 1, name, sizeof address.sun_path - 2);
  return answer(connect(fd, (void *)&address, offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name)));
}

static long reaches_file(const struct probe *p) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  (void)p;
  strncpy(address.sun_path, parameter("path", "/nowhere"), sizeof address.sun_path - 1);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return answer(connect(fd, (void *)&address, sizeof address));
}

/* A listener of the host that its own /proc/net names. */
static long sees_listener(const struct probe *p) {
  char line[512], wanted[600];
  FILE *in = fopen(p->path, "r");
  if (!in) return -errno;
  if (p->a) snprintf(wanted, sizeof wanted, "@%s", parameter("unix", "none"));
  else snprintf(wanted, sizeof wanted, "0100007F:%04X", atoi(parameter("port", "1")));
  while (fgets(line, sizeof line, in))
    if (strstr(line, wanted)) return 1;
  return -ENOENT;
}

static long sees_interface(const struct probe *p) {
  (void)p;
  struct if_nameindex *all = if_nameindex();
  for (struct if_nameindex *one = all; one && one->if_index; one++)
    if (strcmp(one->if_name, "lo")) return 1;
  return -ENODEV;
}

/* By a family that no network namespace holds; the machine's own address, so that nothing leaves it. */
static long to_itself(const struct probe *p) {
  struct {
    uint16_t family, reserved;
    uint32_t port, cid;
    uint8_t rest[4];
  } address = {40, 0, 9999, 1 /* local */, {0}};
  int fd = socket(40, SOCK_STREAM | SOCK_CLOEXEC, 0);
  (void)p;
  if (fd < 0) return -errno;
  if (!connect(fd, (void *)&address, sizeof address)) return 1;
  return errno == ECONNRESET || errno == ETIMEDOUT || errno == ENODEV ? 1 : -errno;
}

PROBES(
    {"S19", "listener on the host's loopback", reaches, "127.0.0.1"}, {"S19", "listener by the unspecified address", reaches, "0.0.0.0"},
    {"S19", "route to the link-local metadata address", has_route, "169.254.169.254"}, {"S19", "route to a public address", has_route, "192.0.2.1"},
    {"S19", "route to a private address", has_route, "10.0.0.1"}, {"S19", "route to a private address of class B", has_route, "172.16.0.1"},
    {"S19", "route to a private address of class C", has_route, "192.168.0.1"}, {"S19", "route to a multicast address", has_route, "224.0.0.1"},
    {"S19", "route to IPv6", has_route, "2001:db8::1"}, {"S19", "abstract unix stream socket of the host", reaches_abstract, 0, SOCK_STREAM},
    {"S21", "socket file of the host", reaches_file}, {"S19", "the host's listener in /proc/net/tcp", sees_listener, "/proc/net/tcp"},
    {"S19", "the host's abstract socket in /proc/net/unix", sees_listener, "/proc/net/unix", 1}, {"S19", "an interface but lo", sees_interface},
    {"S19", "the machine itself by vsock", to_itself});
