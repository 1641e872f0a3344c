/*
 * What the kernel alone takes for a sandbox: the calls that Wisp makes for one, from the groups to the last rmdir, by a program that does nothing else. No pool, no
 * log, no limits watched, nothing read at the end. Workers do one after the other; printed are the rate and the processor time of a cycle, of these processes and of the whole
 * host. The order and arguments are those of `wisp doctor --explain-start`; what differs is said where it does.
 *
 *     musl-gcc -static -O2 -o kernel-alone kernel-alone.c -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu
 *     ./kernel-alone LAYERS SECONDS WORKERS [PARTS]
 *
 * LAYERS is a folder with one folder "1" in it, which holds the static server as "hello". PARTS leaves something out, to see what it takes:
 * n network namespace, g groups, m mounts of /proc and /dev, f filter, e exec (the child ends instead). Needs root and cgroup v1.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const GROUPS[] = {"cpu", "cpuacct", "freezer", "pids", "memory"};
static const char *const MASKED[] = {"interrupts", "kcore", "keys", "latency_stats", "sched_debug", "timer_list",
                                     "timer_stats", "config.gz", "kmsg"};
static const char *const READ_ONLY[] = {"bus", "fs", "irq", "sys", "sysrq-trigger"};
static const char *const NODES[] = {"null", "zero", "full", "random", "urandom", "tty"};
#define COUNT(array) (int) (sizeof(array) / sizeof(array[0]))

static struct {
    unsigned mapped, parked, start, left, failed;
} *word;
static int groups[5], layers, has_net = 1, has_groups = 1, has_mounts = 1, has_filter = 1, has_exec = 1;
static const char *layers_folder;
static char child_stack[64 * 1024] __attribute__((aligned(16)));

static void die(const char *what) {
    perror(what);
    exit(1);
}

/* In the child, which shares the memory of its parent: errno is not its own, so nothing that fails is explained. */
static void must(long result) {
    if (result < 0) {
        word->failed++;
        syscall(SYS_exit_group, 127);
    }
}

static void bound(const char *from, const char *to) { mount(from, to, NULL, MS_BIND, NULL); }

static void furnish_proc_and_dev(void) {
    char path[64], host[64];
    must(mount("proc", "p", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=2"));
    for (int i = 0; i < COUNT(MASKED); i++) {
        snprintf(path, sizeof path, "p/%s", MASKED[i]);
        bound("/dev/null", path);
    }
    bound("c", "p/acpi");
    for (int i = 0; i < COUNT(READ_ONLY); i++) {
        snprintf(path, sizeof path, "p/%s", READ_ONLY[i]);
        bound(path, path);
        mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    }
    for (int i = 0; i < COUNT(NODES); i++) {
        snprintf(path, sizeof path, "d/%s", NODES[i]);
        snprintf(host, sizeof host, "/dev/%s", NODES[i]);
        must(mknod(path, S_IFREG | 0666, 0));
        bound(host, path);
    }
    mkdir("d/pts", 0755);
    must(mount("devpts", "d/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5"));
    mkdir("d/shm", 01777);
    must(mount("tmpfs", "d/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777,size=64m"));
    mkdir("d/mqueue", 0755);
    mount("mqueue", "d/mqueue", "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    symlink("pts/ptmx", "d/ptmx");
    symlink("/proc/self/fd", "d/fd");
    symlink("/proc/self/fd/0", "d/stdin");
    symlink("/proc/self/fd/1", "d/stdout");
    symlink("/proc/self/fd/2", "d/stderr");
}

static int child(void *unused) {
    (void) unused;
    while (__atomic_load_n(&word->mapped, __ATOMIC_ACQUIRE) == 0) {
        syscall(SYS_futex, &word->mapped, FUTEX_WAIT, 0, NULL, NULL, 0);
    }
    must(syscall(SYS_setresgid, 0, 0, 0));
    must(syscall(SYS_setresuid, 0, 0, 0));
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    for (int i = 0; has_groups && i < 4; i++) {
        must(write(groups[i], "0", 1));
    }
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
    must(mount("tmpfs", "/sys", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=16777216,nr_inodes=4160"));
    chdir("/sys");
    for (const char *name = "spduwr"; *name != 0; name++) {
        char folder[] = {*name, 0};
        mkdir(folder, 0755);
    }
    mkdir("c", 0);
    bound("c", "c");
    mount(NULL, "c", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    must(syscall(SYS_move_mount, layers, "", AT_FDCWD, "s", 4));
    bound("d", "d");
    if (has_mounts) {
        furnish_proc_and_dev();
    } else {
        bound("p", "p");
    }
    const char *const upper[] = {"u/proc", "u/dev", "u/sys", "u/etc", "u/tmp"};
    for (int i = 0; i < COUNT(upper); i++) {
        mkdir(upper[i], 0755);
    }
    must(syscall(SYS_pivot_root, ".", "."));
    must(umount2(".", MNT_DETACH));
    chdir("/s");
    bound("/c", "/s");
    must(unshare(CLONE_FILES));
    syscall(SYS_close_range, 20, ~0u, 0);
    int socket_kept = socket(AF_INET, SOCK_STREAM, 0);
    dup3(socket_kept, 10, O_CLOEXEC);
    struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    if (has_net) {
        must(ioctl(10, SIOCSIFFLAGS, &loopback));
    }
    symlink("/proc/sys/kernel/hostname", "/u/etc/hostname");
    for (int i = 0; i < 2; i++) {
        int file = open(i == 0 ? "/u/etc/resolv.conf" : "/u/etc/hosts", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
        must(write(file, "127.0.0.1 localhost\n", 20));
    }
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    for (int capability = 0; capability <= 40; capability++) {
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
    __atomic_store_n(&word->parked, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &word->parked, FUTEX_WAKE, 1, NULL, NULL, 0);
    while (__atomic_load_n(&word->start, __ATOMIC_ACQUIRE) == 0) {
        syscall(SYS_futex, &word->start, FUTEX_WAIT, 0, NULL, NULL, 0);
    }
    must(mount("overlay", "/r", "overlay", MS_NOSUID | MS_NODEV, "lowerdir=1,upperdir=/u,workdir=/w,userxattr"));
    must(mount("/p", "/r/proc", NULL, MS_MOVE, NULL));
    must(mount("/d", "/r/dev", NULL, MS_MOVE, NULL));
    chdir("/r");
    must(mount(".", "/", NULL, MS_MOVE, NULL));
    must(chroot("."));
    chdir("/");
    must(sethostname("kernel-alone", 12));
    if (has_groups) {
        must(write(groups[4], "0", 1));
    }
    must(unshare(CLONE_NEWCGROUP));
    struct {
        unsigned version, pid;
        unsigned sets[6];
    } none = {0x20080522, 0, {0}};
    must(syscall(SYS_capset, &none, none.sets));
    if (has_filter) {
        /* As long as the one that Wisp's children add to the one they inherit. */
        struct sock_filter code[31];
        for (int i = 0; i < 30; i++) {
            code[i] = (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (unsigned) (1000 + i), 0, 0);
        }
        code[0] = (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0);
        code[30] = (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
        struct sock_fprog program = {31, code};
        must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
    }
    if (has_exec) {
        char *const argv[] = {"/hello", NULL}, *const environment[] = {"PORT=8080", "LOG=off", NULL};
        must(execve("/hello", argv, environment));
    }
    syscall(SYS_exit_group, 0);
    return 0;
}

static void put(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write(file, text, strlen(text)) < 0) {
        die(path);
    }
    close(file);
}

static void make_groups(const char *name) {
    char path[128];
    for (int i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "/sys/fs/cgroup/%s/kernel-alone/%s", GROUPS[i], name);
        if (mkdir(path, 0755) < 0) {
            die(path);
        }
        strcat(path, "/tasks");
        groups[i] = open(path, O_WRONLY | O_CLOEXEC);
    }
    snprintf(path, sizeof path, "/sys/fs/cgroup/cpu/kernel-alone/%s/cpu.cfs_quota_us", name);
    put(path, "100000");
    snprintf(path, sizeof path, "/sys/fs/cgroup/pids/kernel-alone/%s/pids.max", name);
    put(path, "64");
    snprintf(path, sizeof path, "/sys/fs/cgroup/memory/kernel-alone/%s/memory.limit_in_bytes", name);
    put(path, "134217728");
}

static void remove_groups(const char *name) {
    char path[128];
    for (int i = 0; i < 5; i++) {
        close(groups[i]);
        snprintf(path, sizeof path, "/sys/fs/cgroup/%s/kernel-alone/%s", GROUPS[i], name);
        while (rmdir(path) < 0) {
            if (errno != EBUSY) {
                die(path);
            }
            usleep(200);
        }
    }
}

/* A mapped copy of the mount that holds the layers, as a sandbox gets. */
static void map(int pid) {
    char path[64];
    const char *const maps[] = {"uid_map", "gid_map"};
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "/proc/%d/%s", pid, maps[i]);
        put(path, "0 3000000000 65536");
    }
    snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
    int namespace = open(path, O_RDONLY | O_CLOEXEC);
    layers = (int) syscall(SYS_open_tree, AT_FDCWD, layers_folder, 1 | O_CLOEXEC);
    struct {
        unsigned long set, clear, propagation, user;
    } attributes = {0x100000 | 7, 0, 0, (unsigned long) namespace};
    if (namespace < 0 || layers < 0 || syscall(SYS_mount_setattr, layers, "", 0x1000, &attributes, sizeof attributes) < 0) {
        die("mapped layers");
    }
    close(namespace);
}

static void ask(int socket) {
    static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n";
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(8080), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char answer[4096];
    unsigned left;
    while ((left = __atomic_load_n(&word->left, __ATOMIC_ACQUIRE)) != 0) {
        syscall(SYS_futex, &word->left, FUTEX_WAIT, left, NULL, NULL, 0);
    }
    if (!has_exec || word->failed != 0) {
        return;
    }
    /* Not quicker, but cheaper than to look all the time: this is about processors. */
    int tries = 0;
    do {
        usleep(300);
        if (++tries > 10000) {
            die("connect");
        }
    } while (connect(socket, (struct sockaddr *) &address, sizeof address) < 0);
    if (write(socket, request, sizeof request - 1) < 0 || read(socket, answer, sizeof answer) <= 0) {
        die("no answer");
    }
}

static void cycle(const char *name) {
    int pidfd = -1, status;
    word->mapped = word->parked = word->start = word->failed = 0;
    word->left = 1;
    if (has_groups) {
        make_groups(name);
    }
    unsigned long flags = CLONE_VM | CLONE_FILES | CLONE_PIDFD | CLONE_CLEAR_SIGHAND | CLONE_CHILD_CLEARTID
            | CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC;
    struct clone_args arguments = {
        .flags = flags | (has_net ? CLONE_NEWNET : 0), .pidfd = (unsigned long) &pidfd, .child_tid = (unsigned long) &word->left,
        .exit_signal = SIGCHLD, .stack = (unsigned long) child_stack, .stack_size = sizeof child_stack};
    register long result __asm__("rax") = SYS_clone3;
    __asm__ volatile("syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\txor %%edi, %%edi\n\tcall *%[run]\n\tud2\n1:"
                     : "+r"(result)
                     : "D"(&arguments), "S"(sizeof arguments), [run] "r"(&child)
                     : "rcx", "r11", "memory");
    if (result < 0) {
        errno = (int) -result;
        die("clone3");
    }
    map((int) result);
    __atomic_store_n(&word->mapped, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &word->mapped, FUTEX_WAKE, 1, NULL, NULL, 0);
    while (__atomic_load_n(&word->parked, __ATOMIC_ACQUIRE) == 0 && __atomic_load_n(&word->left, __ATOMIC_ACQUIRE) != 0) {
        struct timespec most = {0, 50000000};
        syscall(SYS_futex, &word->parked, FUTEX_WAIT, 0, &most, NULL, 0);
    }
    int taken = (int) syscall(SYS_pidfd_getfd, pidfd, 10, 0);
    __atomic_store_n(&word->start, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &word->start, FUTEX_WAKE, 1, NULL, NULL, 0);
    if (taken < 0) {
        die("socket of the child");
    }
    ask(taken);
    close(taken);
    syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
    if (waitpid((int) result, &status, __WALL) < 0) {
        die("wait");
    }
    if (word->failed != 0) {
        fprintf(stderr, "a call failed in the child\n");
        exit(1);
    }
    close(pidfd);
    close(layers);
    if (has_groups) {
        remove_groups(name);
    }
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static double busy_ticks(void) {
    double user, nice, system, idle, wait, irq, softirq, steal;
    FILE *stat = fopen("/proc/stat", "r");
    if (stat == NULL || fscanf(stat, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice, &system, &idle, &wait, &irq, &softirq, &steal) != 8) {
        die("/proc/stat");
    }
    fclose(stat);
    return user + nice + system + irq + softirq + steal;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: %s LAYERS SECONDS WORKERS [PARTS]\n", argv[0]);
        return 2;
    }
    layers_folder = argv[1];
    double length = atof(argv[2]);
    int workers = atoi(argv[3]);
    const char *without = argc > 4 ? argv[4] : "";
    has_net = strchr(without, 'n') == NULL;
    has_groups = strchr(without, 'g') == NULL;
    has_mounts = strchr(without, 'm') == NULL;
    has_filter = strchr(without, 'f') == NULL;
    has_exec = strchr(without, 'e') == NULL && has_net;
    char path[128];
    for (int i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "/sys/fs/cgroup/%s/kernel-alone", GROUPS[i]);
        mkdir(path, 0755);
    }
    long *done = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    double begin = seconds(), busy = busy_ticks();
    for (int i = 0; i < workers; i++) {
        if (fork() == 0) {
            char name[16];
            word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
            snprintf(name, sizeof name, "%d", i);
            while (seconds() - begin < length) {
                cycle(name);
                done[i]++;
            }
            _exit(0);
        }
    }
    long n = 0;
    int failed = 0, status;
    while (wait(&status) > 0) {
        failed |= status;
    }
    for (int i = 0; i < workers; i++) {
        n += done[i];
    }
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    double took = seconds() - begin;
    double own = (double) (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 + (double) (used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    printf("n=%ld  %.0f/s  %.0f us of processors each, %.0f of the whole host%s%s\n", n, (double) n / took, own / (double) n,
           (busy_ticks() - busy) * 1e6 / (double) sysconf(_SC_CLK_TCK) / (double) n, *without ? "  without " : "", without);
    for (int i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "/sys/fs/cgroup/%s/kernel-alone", GROUPS[i]);
        rmdir(path);
    }
    return failed != 0;
}
