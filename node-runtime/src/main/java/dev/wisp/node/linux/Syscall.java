package dev.wisp.node.linux;

import java.util.Locale;

/**
 * System calls Wisp makes, from Java or from a child. Where both exist the {@code *at} form is used, because aarch64 has no other.
 *
 * <p>Numbers are x86-64's; another architecture brings its own {@link Architecture}.
 */
public enum Syscall {
    READ(0),
    WRITE(1),
    CLOSE(3),
    MMAP(9),
    MPROTECT(10),
    MUNMAP(11),
    RT_SIGACTION(13),
    RT_SIGPROCMASK(14),
    IOCTL(16),
    PREAD64(17),
    SOCKET(41),
    CONNECT(42),
    RECVFROM(45),
    SETSOCKOPT(54),
    EXECVE(59),
    FCNTL(72),
    FLOCK(73),
    CHDIR(80),
    GETCWD(79),
    FCHDIR(81),
    FCHOWN(93),
    UMASK(95),
    SYSINFO(99),
    SETSID(112),
    SETGROUPS(116),
    SETRESUID(117),
    SETRESGID(119),
    CAPSET(126),
    PIVOT_ROOT(155),
    PRCTL(157),
    CHROOT(161),
    MOUNT(165),
    UMOUNT2(166),
    SETHOSTNAME(170),
    FUTEX(202),
    EXIT_GROUP(231),
    EPOLL_WAIT(232),
    EPOLL_CTL(233),
    WAITID(247),
    OPENAT(257),
    MKDIRAT(258),
    MKNODAT(259),
    UNLINKAT(263),
    SYMLINKAT(266),
    FCHMODAT(268),
    UNSHARE(272),
    EVENTFD2(290),
    EPOLL_CREATE1(291),
    DUP3(292),
    PIPE2(293),
    PRLIMIT64(302),
    SETNS(308),
    SECCOMP(317),
    PIDFD_SEND_SIGNAL(424),
    OPEN_TREE(428),
    MOVE_MOUNT(429),
    CLONE3(435),
    CLOSE_RANGE(436),
    OPENAT2(437),
    MOUNT_SETATTR(442),
    LANDLOCK_CREATE_RULESET(444),
    LANDLOCK_ADD_RULE(445),
    LANDLOCK_RESTRICT_SELF(446);

    private final int x8664;
    private final String text;

    Syscall(int x8664) {
        this.x8664 = x8664;
        this.text = name().toLowerCase(Locale.ROOT);
    }

    int x8664() {
        return x8664;
    }

    /** Its name as manuals write it. */
    public String text() {
        return text;
    }
}
