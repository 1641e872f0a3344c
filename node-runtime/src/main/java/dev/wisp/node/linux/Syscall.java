package dev.wisp.node.linux;

import java.util.Locale;

/**
 * System calls Wisp makes, from Java or from a child. Where both exist the {@code *at} form is used, because aarch64 has no other.
 *
 * <p>Each has two numbers: x86-64's, and the one of aarch64 and every architecture after it.
 */
public enum Syscall {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    MMAP(9, 222),
    MPROTECT(10, 226),
    MUNMAP(11, 215),
    RT_SIGACTION(13, 134),
    RT_SIGPROCMASK(14, 135),
    IOCTL(16, 29),
    PREAD64(17, 67),
    SOCKET(41, 198),
    CONNECT(42, 203),
    RECVFROM(45, 207),
    SETSOCKOPT(54, 208),
    EXECVE(59, 221),
    FCNTL(72, 25),
    FLOCK(73, 32),
    CHDIR(80, 49),
    GETCWD(79, 17),
    FCHDIR(81, 50),
    FCHOWN(93, 55),
    UMASK(95, 166),
    SYSINFO(99, 179),
    SETSID(112, 157),
    SETGROUPS(116, 159),
    SETRESUID(117, 147),
    SETRESGID(119, 149),
    CAPSET(126, 91),
    STATFS(137, 43),
    PIVOT_ROOT(155, 41),
    PRCTL(157, 167),
    CHROOT(161, 51),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    SETHOSTNAME(170, 161),
    GETTID(186, 178),
    FUTEX(202, 98),
    SCHED_SETAFFINITY(203, 122),
    SCHED_GETAFFINITY(204, 123),
    EXIT_GROUP(231, 94),
    EPOLL_CTL(233, 21),
    WAITID(247, 95),
    OPENAT(257, 56),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    UNLINKAT(263, 35),
    SYMLINKAT(266, 36),
    FCHMODAT(268, 53),
    UNSHARE(272, 97),
    EPOLL_PWAIT(281, 22),
    EVENTFD2(290, 19),
    EPOLL_CREATE1(291, 20),
    DUP3(292, 24),
    PIPE2(293, 59),
    PRLIMIT64(302, 261),
    SETNS(308, 268),
    SCHED_SETATTR(314, 274),
    SCHED_GETATTR(315, 275),
    SECCOMP(317, 277),
    PIDFD_SEND_SIGNAL(424, 424),
    OPEN_TREE(428, 428),
    MOVE_MOUNT(429, 429),
    PIDFD_OPEN(434, 434),
    CLONE3(435, 435),
    CLOSE_RANGE(436, 436),
    OPENAT2(437, 437),
    PIDFD_GETFD(438, 438),
    MOUNT_SETATTR(442, 442),
    LANDLOCK_CREATE_RULESET(444, 444),
    LANDLOCK_ADD_RULE(445, 445),
    LANDLOCK_RESTRICT_SELF(446, 446);

    private final int x8664;
    private final int aarch64;
    private final String text;

    Syscall(int x8664, int aarch64) {
        this.x8664 = x8664;
        this.aarch64 = aarch64;
        this.text = name().toLowerCase(Locale.ROOT);
    }

    int x8664() {
        return x8664;
    }

    int aarch64() {
        return aarch64;
    }

    /** Its name as manuals write it. */
    public String text() {
        return text;
    }
}
