/*
 * Other processes: seeing, signalling, reading and tracing them (S09), leaked descriptors (S02), the program that started this one (S01), surviving the end
 * (S14, S22), set-user-id programs and file capabilities (S16), secrets in what others can be read of (S15).
 *
 * "victim" is a process of the host's, "canary" a word that stands in its environment and command line.
 */
#include "escape.h"
#include <dirent.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/uio.h>

static long victim(void) { return atol(parameter("victim", "2")); }

/* Anyone but this family. */
static long signals_others(const struct probe *p) {
  for (int pid = 2; pid < p->a; pid++)
    if (pid != getpid() && pid != getppid() && kill(pid, 0) == 0) return 1;
  return -ESRCH;
}

static long signals_victim(const struct probe *p) {
  (void)p;
  return answer(kill(victim(), 0));
}

static long signals_group(const struct probe *p) {
  (void)p;
  return answer(kill(-victim(), 0));
}

static long traces_victim(const struct probe *p) {
  long result = call(SYS_ptrace, 0x4206 /* SEIZE */, victim(), 0, 0, 0, 0);
  (void)p;
  if (result >= 0) call(SYS_ptrace, 17 /* DETACH */, victim(), 0, 0, 0, 0);
  return result;
}

static long traces_child(const struct probe *p) {
  pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  long result = call(SYS_ptrace, p->a, child, 0, 0, 0, 0);
  kill(child, SIGKILL);
  waitpid(child, 0, 0);
  return result;
}

static long traced_by_parent(const struct probe *p) {
  (void)p;
  return call(SYS_ptrace, 0 /* TRACEME */, 0, 0, 0, 0, 0);
}

static long reads_memory(const struct probe *p) {
  char here[8] = {0};
  static char there[8];
  struct iovec local = {here, sizeof here}, remote = {there, sizeof there};
  return call(p->a, getppid(), (long)&local, 1, (long)&remote, 1, 0);
}

static long opens_memory(const struct probe *p) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%ld/%s", victim(), p->path);
  int fd = open(path, p->a | O_CLOEXEC);
  return answer(fd);
}

static long lists_of_victim(const struct probe *p) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%ld/%s", victim(), p->path);
  DIR *folder = opendir(path);
  int found = 0;
  if (!folder) return -errno;
  while (readdir(folder)) found++;
  return found > 2 ? found : -ENOENT;
}

static long pidfd_of_victim(const struct probe *p) {
  int fd = syscall(434, victim(), 0);
  if (fd < 0) return -errno;
  return p->a ? call(438, fd, 0, 0, 0, 0, 0) : call(424, fd, 0, 0, 0, 0, 0);
}

static long limits_of_victim(const struct probe *p) {
  uint64_t limit[2];
  (void)p;
  return call(SYS_prlimit64, victim(), 7, 0, (long)limit, 0, 0);
}

static long schedules_victim(const struct probe *p) {
  (void)p;
  return call(SYS_setpriority, 0, victim(), 0, 0, 0, 0);
}

static long affinity_of_victim(const struct probe *p) {
  unsigned long mask[16] = {0};
  (void)p;
  return call(SYS_sched_getaffinity, victim(), sizeof mask, (long)mask, 0, 0, 0);
}

static int file_has(const char *path, const char *word) {
  static char text[1 << 20];
  size_t length = 0, wanted = strlen(word);
  ssize_t n;
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return 0;
  while (length < sizeof text && (n = read(fd, text + length, sizeof text - length)) > 0) length += n;
  close(fd);
  return wanted && memmem(text, length, word, wanted) != 0;
}

/* The canary in this file of any process. */
static long finds_canary(const struct probe *p) {
  DIR *folder = opendir("/proc");
  struct dirent *entry;
  char path[300], own[16], parent[16], word[512];
  snprintf(word, sizeof word, "%s", parameter("canary", "?"));
  snprintf(own, sizeof own, "%d", getpid());
  snprintf(parent, sizeof parent, "%d", getppid());
  while (folder && (entry = readdir(folder))) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || !strcmp(entry->d_name, own) || !strcmp(entry->d_name, parent)) continue;
    snprintf(path, sizeof path, "/proc/%s/%s", entry->d_name, p->path);
    if (file_has(path, word)) return 1;
  }
  return -ENOENT;
}

/* The canary as the name of something in a folder that everyone may write to. */
static long finds_file(const struct probe *p) {
  char path[600];
  struct stat found;
  snprintf(path, sizeof path, "%s/%s", p->path, parameter("canary", "?"));
  return answer(stat(path, &found));
}

static long finds_ipc(const struct probe *p) {
  int key = atoi(parameter("ipc", "1"));
  return answer(p->a ? msgget(key, 0) : shmget(key, 1, 0));
}

/* Descriptors other than the standard ones and this program's listener and connections. */
static long leaked_descriptor(const struct probe *p) {
  char path[32], target[512];
  for (int fd = p->a; fd < 1024; fd++) {
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(path, target, sizeof target - 1);
    if (n <= 0) continue;
    target[n] = 0;
    if (strncmp(target, "socket:", 7) || fd > 8) return 1;
  }
  return -ENOENT;
}

static long outside_descriptor(const struct probe *p) {
  char path[64], target[512];
  (void)p;
  for (int fd = 0; fd < 64; fd++) {
    snprintf(path, sizeof path, "/proc/%d/fd/%d", getppid(), fd);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) return 1;
    ssize_t n = readlink(path, target, sizeof target - 1);
    target[n < 0 ? 0 : n] = 0;
    if (target[0] == '/' && strcmp(target, "/dev/null")) return 1;
  }
  return -ENOENT;
}

static long working_folder(const struct probe *p) {
  char path[4096];
  (void)p;
  long n = syscall(SYS_getcwd, path, sizeof path);
  return n < 0 ? -errno : path[0] == '/' ? -ENOENT : 1;
}

static long other_root(const struct probe *p) {
  struct stat found;
  char path[64];
  snprintf(path, sizeof path, "/proc/%ld/%s/.", victim(), p->path);
  return answer(stat(path, &found));
}

/* The program of the victim, to write into it once it no longer runs. */
static long program_of(const struct probe *p) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%ld/exe", victim());
  int fd = open(path, p->a | O_CLOEXEC);
  return answer(fd);
}

/* Runs a program of the image as a plain user and tells whether it became root, or has a capability. */
static long gains(const struct probe *p) {
  char path[600];
  int status;
  snprintf(path, sizeof path, "%s/%s", parameter("gains", "/gains"), p->path);
  pid_t child = fork();
  if (child == 0) {
    if (getuid() == 0 && !strcmp(parameter("drop", ""), "yes") && (setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000))) _exit(3);
    unsetenv("PORT");
    execl(path, path, "am-i-root", (char *)0);
    _exit(4);
  }
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 1 : -EPERM;
}

static long forks(const struct probe *p) {
  int made = 0, error = 0;
  static pid_t children[4096];
  for (; made < p->a; made++) {
    pid_t child = fork();
    if (child == 0) {
      pause();
      _exit(0);
    }
    if (child < 0) {
      error = errno;
      break;
    }
    children[made] = child;
  }
  for (int i = 0; i < made; i++) kill(children[i], SIGKILL);
  for (int i = 0; i < made; i++) waitpid(children[i], 0, 0);
  return error ? -error : made;
}

static long takes_memory(const struct probe *p) {
  for (long taken = 0; taken < p->a; taken += 1 << 20) {
    char *piece = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (piece == MAP_FAILED) return -errno;
    memset(piece, 1, 1 << 20);
  }
  return 1;
}

/* Memory that no process maps. */
static long hides_memory(const struct probe *p) {
  static char block[1 << 16];
  int fd = p->b ? open(p->path, O_CREAT | O_RDWR | O_CLOEXEC, 0600) : (int)syscall(SYS_memfd_create, "m", 0);
  if (fd < 0) return -errno;
  if (p->b) unlink(p->path);
  for (long taken = 0; taken < p->a; taken += sizeof block)
    if (write(fd, block, sizeof block) != sizeof block) return -errno;
  return 1;
}

static long opens_files(const struct probe *p) {
  for (long i = 0; i < p->a; i++)
    if (open("/dev/null", O_RDONLY) < 0) return -errno;
  return 1;
}

#define VICTIM(row, what, attempt, ...) {row, what " of a process outside", attempt, ##__VA_ARGS__}

PROBES(
    {"S09", "signal any process up to 65,535", signals_others, 0, 65535}, VICTIM("S09", "signal", signals_victim),
    VICTIM("S09", "signal the group", signals_group), VICTIM("S09", "trace", traces_victim), {"S09", "seize a child", traces_child, 0, 0x4206},
    {"S09", "attach to a child", traces_child, 0, 16}, {"S09", "be traced by the parent", traced_by_parent},
    {"S09", "process_vm_readv of the parent", reads_memory, 0, SYS_process_vm_readv},
    {"S09", "process_vm_writev of the parent", reads_memory, 0, SYS_process_vm_writev},
    VICTIM("S09", "read memory", opens_memory, "mem", O_RDONLY), VICTIM("S09", "write memory", opens_memory, "mem", O_RDWR),
    VICTIM("S09", "read the map", opens_memory, "maps", O_RDONLY), VICTIM("S09", "read the environment", opens_memory, "environ", O_RDONLY),
    VICTIM("S09", "read the command line", opens_memory, "cmdline", O_RDONLY), VICTIM("S09", "write oom_score_adj", opens_memory, "oom_score_adj", O_WRONLY),
    VICTIM("S09", "read the id map", opens_memory, "uid_map", O_RDONLY), VICTIM("S09", "list descriptors", lists_of_victim, "fd"),
    VICTIM("S09", "list threads", lists_of_victim, "task"), VICTIM("S09", "open a pidfd", pidfd_of_victim, 0, 0),
    VICTIM("S09", "take a descriptor", pidfd_of_victim, 0, 1), VICTIM("S09", "read limits", limits_of_victim),
    VICTIM("S09", "set the priority", schedules_victim), VICTIM("S09", "read the processors", affinity_of_victim),
    VICTIM("S09", "open a namespace", opens_memory, "ns/net", O_RDONLY),
    VICTIM("S01", "open the program for reading", program_of, 0, O_RDONLY), VICTIM("S01", "open the program by path only", program_of, 0, O_PATH),
    VICTIM("S01", "enter the root folder", other_root, "root"), VICTIM("S01", "enter the working folder", other_root, "cwd"),
    {"S02", "descriptor that is no socket, from 3", leaked_descriptor, 0, 3}, {"S02", "descriptor of a folder or file in the parent", outside_descriptor},
    {"S02", "working folder outside the root", working_folder}, {"S15", "canary in an environment", finds_canary, "environ"},
    {"S15", "canary in a command line", finds_canary, "cmdline"}, {"S15", "canary in a mount table", finds_canary, "mounts"},
    {"S15", "canary in /tmp", finds_file, "/tmp"}, {"S15", "canary in /dev/shm", finds_file, "/dev/shm"}, {"S15", "shared memory of the host", finds_ipc, 0, 0},
    {"S15", "message queue of the host", finds_ipc, 0, 1},
    {"S16", "set-user-id program of the image", gains, "setuid"}, {"S16", "set-group-id program of the image", gains, "setgid"},
    {"S16", "program with file capabilities", gains, "filecaps"}, {"S13", "600 processes", forks, 0, 600},
    {"S13", "192 MiB of memory", takes_memory, 0, 192 << 20}, {"S13", "192 MiB of memory in a memfd", hides_memory, 0, 192 << 20},
    {"S13", "192 MiB in /dev/shm", hides_memory, "/dev/shm/hidden", 192 << 20, 1}, {"S13", "4,200 open files", opens_files, 0, 4200});
