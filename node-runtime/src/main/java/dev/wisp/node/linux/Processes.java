package dev.wisp.node.linux;

import org.jspecify.annotations.Nullable;

/** Processes by their descriptor: ids are reused, descriptors are not. Thread-safe. */
public final class Processes {

    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WALL = 0x40000000;
    private static final int CLD_EXITED = 1;
    private static final int SIGNALLED_BASE = 128;
    private static final long PIDFD_GET_USER_NAMESPACE = 0xFF09;

    private final Kernel kernel;

    public Processes(Kernel kernel) {
        this.kernel = kernel;
    }

    /** A descriptor of a process, which the caller closes, or the negated error when there is none of that number. */
    public int open(long pid) {
        return (int) kernel.raw(Syscall.PIDFD_OPEN, pid, 0, 0);
    }

    /** Gives back what {@link #open} gave. */
    public void close(int pidfd) {
        kernel.raw(Syscall.CLOSE, pidfd, 0, 0);
    }

    /** Sends a signal; false when the process has ended. */
    public boolean signal(int pidfd, int signal) {
        long result = kernel.raw(Syscall.PIDFD_SEND_SIGNAL, pidfd, signal, 0);
        if (result < 0 && result != -Errno.ESRCH) {
            throw new ErrnoException("pidfd_send_signal", (int) -result, "signal " + signal);
        }
        return result == 0;
    }

    /** Takes the exit code of a child that has ended (128 plus the signal that killed it), or null while it has not. */
    public @Nullable Integer reap(int pidfd) {
        return kernel.<@Nullable Integer>scratch(scratch -> {
            long info = scratch.reserve(128);
            scratch.putInt(info + 8, 0);
            scratch.putInt(info + 16, 0);
            kernel.call(
                    "child", Syscall.WAITID, P_PIDFD, pidfd, scratch.address() + info, WEXITED | WNOHANG | WALL, 0, 0);
            int pid = scratch.getInt(info + 16);
            if (pid == 0) {
                return null;
            }
            int status = scratch.getInt(info + 24);
            return scratch.getInt(info + 8) == CLD_EXITED ? status : SIGNALLED_BASE + status;
        });
    }

    /**
     * Descriptor of the user namespace a process is in, which the caller owns. Kernels before 6.11 give it through {@code /proc} only, which takes ten times as long.
     *
     * @throws ErrnoException when the process has ended
     */
    public int userNamespace(int pidfd, int pid) {
        long descriptor = kernel.raw(Syscall.IOCTL, pidfd, PIDFD_GET_USER_NAMESPACE, 0);
        return descriptor >= 0
                ? (int) descriptor
                : new Descriptors(kernel).open("/proc/" + pid + "/ns/user", Named.O_RDONLY, 0);
    }

    /** Moves the calling thread into a namespace of the process or of the descriptor; the thread must be a platform thread kept for that. */
    public void enter(int descriptor, Named namespace) {
        kernel.call(namespace.text(), Syscall.SETNS, descriptor, namespace.value(), 0);
    }

    /** Gives the calling thread a new namespace of the kind; the thread must be a platform thread kept for that. */
    public void leave(Named namespace) {
        kernel.call(namespace.text(), Syscall.UNSHARE, namespace.value(), 0, 0);
    }
}
