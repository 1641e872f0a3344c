package dev.wisp.node.linux;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Files and pipes by descriptor. Everything opened here is close-on-exec. Thread-safe. */
public final class Descriptors {

    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int LOCK_EXCLUSIVE_NOW = 2 | 4;

    private final Kernel kernel;

    public Descriptors(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Both ends of a pipe. */
    public record Pipe(int readEnd, int writeEnd) {}

    /** Opens a path, which must be the node's own, never one that a workload can change. */
    public int open(String path, Named flags, int mode) {
        return kernel.scratch(scratch -> (int) kernel.call(
                path,
                Syscall.OPENAT,
                Named.AT_FDCWD.value(),
                scratch.appendString(path),
                flags.value() | Named.O_CLOEXEC.value(),
                mode,
                0,
                0));
    }

    public void close(int descriptor) {
        kernel.raw(Syscall.CLOSE, descriptor, 0, 0);
    }

    /** Makes another number, open or not, mean what this one does. */
    public void replace(int descriptor, int number) {
        kernel.call("replace", Syscall.DUP3, descriptor, number, Named.O_CLOEXEC.value());
    }

    public Pipe pipe() {
        return kernel.scratch(scratch -> {
            long ends = scratch.reserve(8);
            kernel.call("pipe", Syscall.PIPE2, scratch.address() + ends, Named.O_CLOEXEC.value(), 0);
            return new Pipe(scratch.getInt(ends), scratch.getInt(ends + 4));
        });
    }

    public void setNonBlocking(int descriptor) {
        long flags = kernel.call("flags", Syscall.FCNTL, descriptor, F_GETFL, 0);
        kernel.call("flags", Syscall.FCNTL, descriptor, F_SETFL, flags | Named.O_NONBLOCK.value());
    }

    public void changeOwner(int descriptor, long uid, long gid) {
        kernel.call("owner", Syscall.FCHOWN, descriptor, uid, gid);
    }

    /** Takes the file's lock, or says that another process has it. */
    public boolean tryLock(int descriptor) {
        return kernel.raw(Syscall.FLOCK, descriptor, LOCK_EXCLUSIVE_NOW, 0) == 0;
    }

    /** Writes bytes in one call and returns how many were taken, or the negated error. */
    public long write(int descriptor, byte[] bytes) {
        if (bytes.length > READ_BYTES_MAX) {
            try (NativeMemory memory = kernel.map(bytes.length + 8L)) {
                return kernel.raw(Syscall.WRITE, descriptor, memory.append(bytes), bytes.length);
            }
        }
        return kernel.scratch(scratch -> kernel.raw(Syscall.WRITE, descriptor, scratch.append(bytes), bytes.length));
    }

    /** Reads what is there, at most 8 KiB: null when there is nothing now, empty at the end. */
    public byte @Nullable [] readSome(int descriptor) {
        return kernel.<byte @Nullable []>scratch(scratch -> {
            long room = scratch.reserve(READ_BYTES_MAX);
            long length = kernel.raw(Syscall.READ, descriptor, scratch.address() + room, READ_BYTES_MAX);
            if (length == -Errno.EAGAIN || length == -Errno.EINTR) {
                return null;
            }
            return length <= 0 ? new byte[0] : scratch.getBytes(room, (int) length);
        });
    }

    /** Writes a short text in one call, as cgroup and proc files want it. */
    public void writeText(String path, String text) {
        long failure = tryWriteText(path, text);
        if (failure < 0) {
            throw new ErrnoException("write", (int) -failure, path + " <- " + text.strip());
        }
    }

    /** As {@link #writeText}, giving the negated error back. */
    public long tryWriteText(String path, String text) {
        return kernel.scratch(scratch -> {
            long file = kernel.raw(
                    Syscall.OPENAT,
                    Named.AT_FDCWD.value(),
                    scratch.appendString(path),
                    Named.O_WRONLY.value() | Named.O_CLOEXEC.value());
            if (file < 0) {
                return file;
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            long written = kernel.raw(Syscall.WRITE, file, scratch.append(bytes), bytes.length);
            kernel.raw(Syscall.CLOSE, file, 0, 0);
            return written;
        });
    }

    /** Reads a small file whole, at most 8 KiB of it; null when it cannot be read. */
    public @Nullable String readText(String path) {
        return kernel.<@Nullable String>scratch(scratch -> {
            long file = kernel.raw(
                    Syscall.OPENAT, Named.AT_FDCWD.value(), scratch.appendString(path), Named.O_CLOEXEC.value());
            if (file < 0) {
                return null;
            }
            long room = scratch.reserve(READ_BYTES_MAX);
            long length = kernel.raw(Syscall.READ, file, scratch.address() + room, READ_BYTES_MAX);
            kernel.raw(Syscall.CLOSE, file, 0, 0);
            return length < 0 ? null : new String(scratch.getBytes(room, (int) length), StandardCharsets.UTF_8);
        });
    }

    private static final int READ_BYTES_MAX = 8 * 1024;

    /** Makes a folder; whether it is new. */
    public boolean makeFolder(String path, int mode) {
        long result = kernel.scratch(
                scratch -> kernel.raw(Syscall.MKDIRAT, Named.AT_FDCWD.value(), scratch.appendString(path), mode));
        if (result < 0 && result != -Errno.EEXIST) {
            throw new ErrnoException("mkdir", (int) -result, path);
        }
        return result == 0;
    }

    /** Removes an empty folder; the negated error when it is not gone. */
    public long removeFolder(String path) {
        return kernel.scratch(scratch ->
                kernel.raw(Syscall.UNLINKAT, Named.AT_FDCWD.value(), scratch.appendString(path), AT_REMOVEDIR));
    }

    private static final int AT_REMOVEDIR = 0x200;
}
