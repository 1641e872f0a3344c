package dev.wisp.node.linux;

import java.util.ArrayList;
import java.util.List;

/** Waits for many descriptors at once. One thread waits; any may add. */
public final class Epoll implements AutoCloseable {

    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final int SIGSET_BYTES = 8;

    private static final int EVENTS_MAX = 64;

    private final Kernel kernel;
    private final int descriptor;
    /** The structure is 32 bits of events and 64 of data, aligned as the architecture says. */
    private final int dataOffset;

    private final int eventBytes;

    public Epoll(Kernel kernel) {
        this.kernel = kernel;
        this.dataOffset = kernel.architecture().epollDataOffset();
        this.eventBytes = dataOffset + 8;
        this.descriptor = (int) kernel.call("epoll", Syscall.EPOLL_CREATE1, Named.O_CLOEXEC.value(), 0, 0);
    }

    /** Reports the key whenever there is something to read, until the descriptor is removed. */
    public void add(int watched, long key) {
        kernel.scratch(scratch -> {
            long event = scratch.reserve(16);
            scratch.putInt(event, EPOLLIN);
            scratch.putInt(event + dataOffset, (int) key);
            scratch.putInt(event + dataOffset + 4, (int) (key >>> 32));
            return kernel.call(
                    "watch", Syscall.EPOLL_CTL, descriptor, EPOLL_CTL_ADD, watched, scratch.address() + event, 0, 0);
        });
    }

    public void remove(int watched) {
        kernel.raw(Syscall.EPOLL_CTL, descriptor, EPOLL_CTL_DEL, watched);
    }

    /** Keys of what is ready, after waiting at most so long. */
    public List<Long> await(int timeoutMillis) {
        return kernel.scratch(scratch -> {
            long events = scratch.reserve((long) EVENTS_MAX * eventBytes);
            long count = kernel.raw(
                    Syscall.EPOLL_PWAIT,
                    descriptor,
                    scratch.address() + events,
                    EVENTS_MAX,
                    timeoutMillis,
                    0,
                    SIGSET_BYTES);
            List<Long> keys = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long at = events + (long) i * eventBytes + dataOffset;
                keys.add((scratch.getInt(at) & 0xFFFF_FFFFL) | (long) scratch.getInt(at + 4) << 32);
            }
            return keys;
        });
    }

    @Override
    public void close() {
        kernel.raw(Syscall.CLOSE, descriptor, 0, 0);
    }
}
