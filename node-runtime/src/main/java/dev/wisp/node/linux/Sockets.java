package dev.wisp.node.linux;

/** TCP sockets by descriptor. Thread-safe. */
public final class Sockets {

    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC_NONBLOCK = 3 | 0x80000 | 0x800;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDTIMEO = 21;
    private static final int SOL_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int MSG_PEEK_NOW = 2 | 0x40;
    private static final int SOCKADDR_BYTES = 16;
    private static final int LOOPBACK = 0x0100007f;

    private final Kernel kernel;

    public Sockets(Kernel kernel) {
        this.kernel = kernel;
    }

    /** A blocking TCP socket whose connecting waits at most so long; it belongs to the network namespace of the calling thread for good. */
    public int tcp(int connectTimeoutMillis) {
        int socket = (int) kernel.call("tcp", Syscall.SOCKET, Named.AF_INET.value(), SOCK_STREAM_CLOEXEC, 0);
        configure(socket, connectTimeoutMillis);
        return socket;
    }

    /**
     * As {@link #tcp}, but made by a child in the namespace it is in, and taken from its descriptors: no thread has to enter the namespace for it.
     *
     * @throws ErrnoException {@code pidfd_getfd: ESRCH} when the process has ended
     */
    public int ofChild(int pidfd, int descriptor, int connectTimeoutMillis) {
        int socket = (int) kernel.call("socket of a child", Syscall.PIDFD_GETFD, pidfd, descriptor, 0);
        configure(socket, connectTimeoutMillis);
        return socket;
    }

    private void configure(int socket, int connectTimeoutMillis) {
        kernel.scratch(scratch -> {
            long time = scratch.reserve(16);
            scratch.putLong(time, connectTimeoutMillis / 1000);
            scratch.putLong(time + 8, connectTimeoutMillis % 1000 * 1000L);
            kernel.raw(Syscall.SETSOCKOPT, socket, SOL_SOCKET, SO_SNDTIMEO, scratch.address() + time, 16, 0);
            long one = scratch.reserve(4);
            scratch.putInt(one, 1);
            return kernel.raw(Syscall.SETSOCKOPT, socket, SOL_TCP, TCP_NODELAY, scratch.address() + one, 4, 0);
        });
    }

    /** A netlink socket that never waits; it belongs to the network namespace of the calling thread for good. */
    public int netlink(int protocol) {
        return (int) kernel.call("netlink", Syscall.SOCKET, AF_NETLINK, SOCK_RAW_CLOEXEC_NONBLOCK, protocol);
    }

    /** Connects to a port of the namespace's loopback: 0, or the negated error. A refused socket can be tried again. */
    public int connectLoopback(int socket, int port) {
        return kernel.scratch(scratch -> {
            long address = scratch.reserve(SOCKADDR_BYTES);
            scratch.putLong(
                    address,
                    Named.AF_INET.value() | (port & 0xff00L) << 8 | (port & 0xffL) << 24 | (long) LOOPBACK << 32);
            scratch.putLong(address + 8, 0);
            return (int) kernel.raw(Syscall.CONNECT, socket, scratch.address() + address, SOCKADDR_BYTES);
        });
    }

    /** Whether the peer has neither closed a connection nor sent anything on it. */
    public boolean isQuiet(int socket) {
        return kernel.scratch(scratch -> kernel.raw(
                        Syscall.RECVFROM, socket, scratch.address() + scratch.reserve(8), 1, MSG_PEEK_NOW, 0, 0))
                == -Errno.EAGAIN;
    }
}
