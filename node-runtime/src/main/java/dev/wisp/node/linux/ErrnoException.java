package dev.wisp.node.linux;

/** A system call that failed; the message reads like strace: {@code openat: EACCES (/x)}. */
public final class ErrnoException extends RuntimeException {

    private final String call;
    private final int errno;

    /**
     * @param call name of the call
     * @param errno positive error number
     * @param detail what it was called for, may be empty
     */
    public ErrnoException(String call, int errno, String detail) {
        super(call + ": " + Errno.name(errno) + (detail.isEmpty() ? "" : " (" + detail + ")"));
        this.call = call;
        this.errno = errno;
    }

    public String call() {
        return call;
    }

    public int errno() {
        return errno;
    }
}
