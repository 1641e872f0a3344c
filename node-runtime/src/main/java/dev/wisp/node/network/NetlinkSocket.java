package dev.wisp.node.network;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Errno;
import dev.wisp.node.linux.ErrnoException;
import dev.wisp.node.linux.Sockets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/** A netlink socket; it speaks to the network namespace that its maker was in, from any thread. Thread-safe. */
final class NetlinkSocket implements AutoCloseable {

    static final int ROUTE = 0;
    static final int FILTER = 12;

    private static final int HEADER_BYTES = 16;
    private static final int TYPE_ERROR = 2;
    private static final int ANSWERS_MAX = 1024;

    private final Descriptors descriptors;
    private final int socket;

    NetlinkSocket(Descriptors descriptors, Sockets sockets, int protocol) {
        this.descriptors = descriptors;
        this.socket = sockets.netlink(protocol);
    }

    /**
     * Sends a request and waits for nothing: the kernel has done it, and answered, when the write returns.
     *
     * @throws ErrnoException naming the step that failed first
     */
    synchronized void send(NetlinkRequest request) {
        byte[] bytes = request.toBytes();
        long written = descriptors.write(socket, bytes);
        OptionalInt failed = OptionalInt.empty();
        String step = "";
        for (int i = 0; i < ANSWERS_MAX; i++) {
            byte[] answer = descriptors.readSome(socket);
            if (answer == null || answer.length < HEADER_BYTES + 4) {
                break;
            }
            ByteBuffer fields = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
            int error = fields.getShort(4) == TYPE_ERROR ? -fields.getInt(HEADER_BYTES) : 0;
            if (error != 0 && failed.isEmpty()) {
                failed = OptionalInt.of(error);
                step = request.step(fields.getInt(8));
            }
        }
        if (failed.isPresent()) {
            throw new ErrnoException("netlink", failed.getAsInt(), step);
        }
        if (written != bytes.length) {
            throw new ErrnoException("netlink", written < 0 ? (int) -written : Errno.E2BIG, "request");
        }
    }

    @Override
    public void close() {
        descriptors.close(socket);
    }
}
