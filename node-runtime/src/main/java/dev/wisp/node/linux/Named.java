package dev.wisp.node.linux;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A number with the name manuals give it, as an argument of a call. */
public record Named(String text, long value) implements Argument {

    public static final Named AT_FDCWD = new Named("AT_FDCWD", -100);
    public static final Named NONE = new Named("0", 0);

    public static final Named MS_RDONLY = new Named("MS_RDONLY", 1);
    public static final Named MS_NOSUID = new Named("MS_NOSUID", 2);
    public static final Named MS_NODEV = new Named("MS_NODEV", 4);
    public static final Named MS_NOEXEC = new Named("MS_NOEXEC", 8);
    public static final Named MS_REMOUNT = new Named("MS_REMOUNT", 32);
    public static final Named MS_BIND = new Named("MS_BIND", 4096);
    public static final Named MS_MOVE = new Named("MS_MOVE", 8192);
    public static final Named MS_REC = new Named("MS_REC", 16384);
    public static final Named MS_PRIVATE = new Named("MS_PRIVATE", 1 << 18);
    public static final Named MNT_DETACH = new Named("MNT_DETACH", 2);
    public static final Named MOVE_MOUNT_F_EMPTY_PATH = new Named("MOVE_MOUNT_F_EMPTY_PATH", 4);

    public static final Named O_RDONLY = new Named("O_RDONLY", 0);
    public static final Named O_WRONLY = new Named("O_WRONLY", 1);
    public static final Named O_RDWR = new Named("O_RDWR", 2);
    public static final Named O_CREAT = new Named("O_CREAT", 0x40);
    public static final Named O_EXCL = new Named("O_EXCL", 0x80);
    public static final Named O_TRUNC = new Named("O_TRUNC", 0x200);
    public static final Named O_NONBLOCK = new Named("O_NONBLOCK", 0x800);
    public static final Named O_APPEND = new Named("O_APPEND", 0x400);
    public static final Named O_DIRECTORY =
            new Named("O_DIRECTORY", Architecture.current().directoryFlag());
    public static final Named O_NOFOLLOW =
            new Named("O_NOFOLLOW", Architecture.current().noFollowFlag());
    public static final Named O_CLOEXEC = new Named("O_CLOEXEC", 0x80000);
    public static final Named O_PATH = new Named("O_PATH", 0x200000);

    public static final Named CLONE_VM = new Named("CLONE_VM", 0x100);
    public static final Named CLOSE_RANGE_UNSHARE = new Named("CLOSE_RANGE_UNSHARE", 2);
    public static final Named CLONE_FILES = new Named("CLONE_FILES", 0x400);
    public static final Named CLONE_PIDFD = new Named("CLONE_PIDFD", 0x1000);
    public static final Named CLONE_NEWNS = new Named("CLONE_NEWNS", 0x20000);
    public static final Named CLONE_CHILD_CLEARTID = new Named("CLONE_CHILD_CLEARTID", 0x200000);
    public static final Named CLONE_CHILD_SETTID = new Named("CLONE_CHILD_SETTID", 0x1000000);
    public static final Named CLONE_NEWCGROUP = new Named("CLONE_NEWCGROUP", 0x2000000);
    public static final Named CLONE_NEWUTS = new Named("CLONE_NEWUTS", 0x4000000);
    public static final Named CLONE_NEWIPC = new Named("CLONE_NEWIPC", 0x8000000);
    public static final Named CLONE_NEWUSER = new Named("CLONE_NEWUSER", 0x10000000);
    public static final Named CLONE_NEWPID = new Named("CLONE_NEWPID", 0x20000000);
    public static final Named CLONE_NEWNET = new Named("CLONE_NEWNET", 0x40000000);
    public static final Named CLONE_CLEAR_SIGHAND = new Named("CLONE_CLEAR_SIGHAND", 0x100000000L);
    public static final Named CLONE_INTO_CGROUP = new Named("CLONE_INTO_CGROUP", 0x200000000L);

    public static final Named PR_SET_PDEATHSIG = new Named("PR_SET_PDEATHSIG", 1);
    public static final Named PR_SET_DUMPABLE = new Named("PR_SET_DUMPABLE", 4);
    public static final Named PR_GET_TID_ADDRESS = new Named("PR_GET_TID_ADDRESS", 40);
    public static final Named PR_CAPBSET_DROP = new Named("PR_CAPBSET_DROP", 24);
    public static final Named PR_SET_NO_NEW_PRIVS = new Named("PR_SET_NO_NEW_PRIVS", 38);
    public static final Named PR_CAP_AMBIENT = new Named("PR_CAP_AMBIENT", 47);
    public static final Named PR_CAP_AMBIENT_CLEAR_ALL = new Named("PR_CAP_AMBIENT_CLEAR_ALL", 4);
    public static final Named SIGKILL = new Named("SIGKILL", 9);
    public static final Named SIG_SETMASK = new Named("SIG_SETMASK", 2);

    public static final Named FUTEX_WAIT = new Named("FUTEX_WAIT", 0);
    public static final Named FUTEX_WAKE = new Named("FUTEX_WAKE", 1);
    public static final Named FUTEX_CMP_REQUEUE = new Named("FUTEX_CMP_REQUEUE", 4);
    public static final Named FUTEX_WAKE_OP = new Named("FUTEX_WAKE_OP", 5);

    public static final Named RLIMIT_CORE = new Named("RLIMIT_CORE", 4);
    public static final Named RLIMIT_NOFILE = new Named("RLIMIT_NOFILE", 7);
    public static final Named AF_INET = new Named("AF_INET", 2);
    public static final Named SOCK_STREAM = new Named("SOCK_STREAM", 1);
    public static final Named SOCK_DGRAM = new Named("SOCK_DGRAM", 2);
    public static final Named SIOCSIFFLAGS = new Named("SIOCSIFFLAGS", 0x8914);
    public static final Named SECCOMP_SET_MODE_FILTER = new Named("SECCOMP_SET_MODE_FILTER", 1);
    public static final Named S_IFREG = new Named("S_IFREG", 0x8000);

    /** A plain number. */
    public static Named of(long value) {
        return new Named(Long.toString(value), value);
    }

    /** Permissions, written in octal as everyone reads them. */
    public static Named mode(int bits) {
        return new Named("0" + Integer.toOctalString(bits), bits);
    }

    /** A descriptor with what it stands for. */
    public static Named descriptor(int number, String meaning) {
        return new Named(number + "<" + meaning + ">", number);
    }

    /** Flags put together. */
    public static Named flags(Named... flags) {
        long value = Arrays.stream(flags).mapToLong(Named::value).reduce(0, (a, b) -> a | b);
        return new Named(Arrays.stream(flags).map(Named::text).collect(Collectors.joining("|")), value);
    }
}
