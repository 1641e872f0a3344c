package dev.wisp.node.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.annotations.SaveError;

/**
 * The calls that write an image's files below a folder that their author must not leave: everything is relative to a folder's
 * descriptor and never follows a symbolic link. Java's own {@code SecureDirectoryStream} has no mkdir, link, mknod or attributes of
 * that kind. Names are bytes of UTF-8. Thread-safe; call it from platform threads, since errno belongs to the thread.
 */
public final class FileCalls {

    /** Errors that callers tell apart; the same numbers on x86-64 and aarch64. */
    public static final int ENOENT = 2;

    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENOTDIR = 20;
    public static final int ENOSPC = 28;
    public static final int ENOTEMPTY = 39;
    public static final int ELOOP = 40;
    public static final int EDQUOT = 122;

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int O_WRONLY = 1;
    private static final int O_CREAT = 0100;
    private static final int O_EXCL = 0200;
    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
    private static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;
    private static final int O_DIRECTORY = ARM ? 040000 : 0200000;
    private static final int O_CLOEXEC = 02000000;
    private static final int S_IFCHR = 0020000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_BYTES = 256;
    private static final int STATX_MODE_AT = 28;
    private static final int STATX_RDEV_AT = 128;

    /** The same number on every architecture; glibc has no function for it. */
    private static final long SYS_OPENAT2 = 437;

    /** RESOLVE_NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH: the name leads to something below the folder or nowhere. */
    private static final long RESOLVE_STRICTLY_BELOW = 0x01 | 0x02 | 0x04 | 0x08;

    private static final C LIBC = LibraryLoader.create(C.class).load("c");
    private static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

    /** A call that returned -1. */
    public static final class Failed extends IOException {

        private final int errno;

        Failed(String call, int errno, String what) {
            super("%s %s: errno %d".formatted(call, what, errno));
            this.errno = errno;
        }

        public int errno() {
            return errno;
        }

        /** Whether the disk or the quota is used up. */
        public boolean isDiskFull() {
            return errno == ENOSPC || errno == EDQUOT;
        }
    }

    /** What a name stands for, its last component not followed. */
    public enum Kind {
        MISSING,
        REGULAR,
        DIRECTORY,
        SYMLINK,
        /** Character device 0/0: overlayfs takes it as "removed in this layer". */
        WHITEOUT,
        OTHER
    }

    /** Owner, permissions and time of a file; {@code mode} without the kind. */
    public record Metadata(int uid, int gid, int mode, long seconds, int nanos) {}

    /** Opens a folder by path for the calls below. */
    public int openRoot(Path folder) throws IOException {
        byte[] name = bytes(folder.toString());
        int fd = LIBC.openat(AT_FDCWD, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
        return fd >= 0 ? fd : failed("open", folder.toString());
    }

    /** Opens a folder below {@code dir}; ELOOP when a symbolic link is on the way, EXDEV when it leads out. */
    public int openDirectory(int dir, String name) throws IOException {
        return openBelow(dir, name, O_DIRECTORY, 0);
    }

    /** Creates a file that must not exist yet and opens it for writing. */
    public int createFile(int dir, String name) throws IOException {
        return openBelow(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
    }

    private int openBelow(int dir, String name, int flags, int mode) throws IOException {
        byte[] how = ByteBuffer.allocate(24)
                .order(ByteOrder.nativeOrder())
                .putLong(Integer.toUnsignedLong(flags | O_CLOEXEC))
                .putLong(mode)
                .putLong(RESOLVE_STRICTLY_BELOW)
                .array();
        long fd = LIBC.syscall(SYS_OPENAT2, dir, bytes(name), how, how.length);
        return fd >= 0 ? (int) fd : failed("openat2", name);
    }

    /** Writes all that remains of a direct buffer. */
    public void write(int fd, ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            long written = LIBC.write(fd, data.slice(), data.remaining());
            if (written < 0) {
                failed("write", "a file");
            }
            data.position(data.position() + (int) written);
        }
    }

    public void makeDirectory(int dir, String name) throws IOException {
        check(LIBC.mkdirat(dir, bytes(name), 0700), "mkdirat", name);
    }

    public void symlink(String target, int dir, String name) throws IOException {
        check(LIBC.symlinkat(bytes(target), dir, bytes(name)), "symlinkat", name);
    }

    /** A further name for what {@code name} stands for, which may itself be a symbolic link. */
    public void link(int dir, String name, int newDir, String newName) throws IOException {
        check(LIBC.linkat(dir, bytes(name), newDir, bytes(newName), 0), "linkat", newName);
    }

    public void makeWhiteout(int dir, String name) throws IOException {
        check(LIBC.mknodat(dir, bytes(name), S_IFCHR, 0), "mknodat", name);
    }

    public void unlink(int dir, String name) throws IOException {
        check(LIBC.unlinkat(dir, bytes(name), 0), "unlinkat", name);
    }

    /** Removes an empty folder; ENOTEMPTY when it is not. */
    public void removeDirectory(int dir, String name) throws IOException {
        check(LIBC.unlinkat(dir, bytes(name), AT_REMOVEDIR), "unlinkat", name);
    }

    public Kind kind(int dir, String name) throws IOException {
        byte[] statx = new byte[STATX_BYTES];
        if (LIBC.statx(dir, bytes(name), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, statx) < 0) {
            return missing(name);
        }
        ByteBuffer fields = ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder());
        return switch (fields.getShort(STATX_MODE_AT) & 0170000) {
            case 0100000 -> Kind.REGULAR;
            case 0040000 -> Kind.DIRECTORY;
            case 0120000 -> Kind.SYMLINK;
            case S_IFCHR -> fields.getLong(STATX_RDEV_AT) == 0 ? Kind.WHITEOUT : Kind.OTHER;
            default -> Kind.OTHER;
        };
    }

    /** Sets owner, permissions and time of an open file or folder; the owner first, since that clears bits of the mode. */
    public void apply(int fd, Metadata metadata) throws IOException {
        check(LIBC.fchown(fd, metadata.uid(), metadata.gid()), "fchown", "");
        check(LIBC.fchmod(fd, metadata.mode()), "fchmod", "");
        check(LIBC.futimens(fd, times(metadata)), "futimens", "");
    }

    /** Sets owner and time of a symbolic link itself. */
    public void applyToLink(int dir, String name, Metadata metadata) throws IOException {
        byte[] path = bytes(name);
        check(LIBC.fchownat(dir, path, metadata.uid(), metadata.gid(), AT_SYMLINK_NOFOLLOW), "fchownat", name);
        check(LIBC.utimensat(dir, path, times(metadata), AT_SYMLINK_NOFOLLOW), "utimensat", name);
    }

    /**
     * Hides what lower layers have in a folder. The user.* form is the one that overlayfs reads when it is mounted in a user namespace,
     * with the option {@code userxattr}.
     */
    public void markOpaque(int fd) throws IOException {
        byte[] yes = {'y'};
        check(LIBC.fsetxattr(fd, bytes("user.overlay.opaque"), yes, yes.length, 0), "fsetxattr", "user.overlay.opaque");
    }

    /** Brings everything written to the file system of an open folder to the disk. */
    public void syncFileSystem(int fd) throws IOException {
        check(LIBC.syncfs(fd), "syncfs", "");
    }

    public void close(int fd) {
        LIBC.close(fd);
    }

    private static byte[] times(Metadata metadata) {
        return ByteBuffer.allocate(32)
                .order(ByteOrder.nativeOrder())
                .putLong(metadata.seconds())
                .putLong(metadata.nanos())
                .putLong(metadata.seconds())
                .putLong(metadata.nanos())
                .array();
    }

    private static byte[] bytes(String name) {
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(encoded, encoded.length + 1);
    }

    private Kind missing(String name) throws Failed {
        int errno = LastError.getLastError(RUNTIME);
        if (errno != ENOENT) {
            throw new Failed("statx", errno, name);
        }
        return Kind.MISSING;
    }

    /** Must be the very next statement after the call: errno is the thread's last. */
    private int failed(String call, String what) throws Failed {
        int errno = LastError.getLastError(RUNTIME);
        throw new Failed(call, errno, what);
    }

    private void check(int result, String call, String what) throws Failed {
        if (result < 0) {
            failed(call, what);
        }
    }

    /** The C library's functions by their own names. */
    @SaveError
    public interface C {
        int openat(int dirfd, @In byte[] pathname, int flags, int mode);

        long syscall(long number, long dirfd, @In byte[] pathname, @In byte[] how, long size);

        long write(int fd, @In ByteBuffer buf, long count);

        int mkdirat(int dirfd, @In byte[] pathname, int mode);

        int symlinkat(@In byte[] target, int newdirfd, @In byte[] linkpath);

        int linkat(int olddirfd, @In byte[] oldpath, int newdirfd, @In byte[] newpath, int flags);

        int mknodat(int dirfd, @In byte[] pathname, int mode, long dev);

        int unlinkat(int dirfd, @In byte[] pathname, int flags);

        int statx(int dirfd, @In byte[] pathname, int flags, int mask, @Out byte[] statxbuf);

        int fchown(int fd, int owner, int group);

        int fchmod(int fd, int mode);

        int futimens(int fd, @In byte[] times);

        int fchownat(int dirfd, @In byte[] pathname, int owner, int group, int flags);

        int utimensat(int dirfd, @In byte[] pathname, @In byte[] times, int flags);

        int fsetxattr(int fd, @In byte[] name, @In byte[] value, long size, int flags);

        int syncfs(int fd);

        int close(int fd);
    }
}
