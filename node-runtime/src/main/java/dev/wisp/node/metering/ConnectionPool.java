package dev.wisp.node.metering;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Idle connections from one event loop to one instance; confined to that event loop. Newest first, so that old ones time out. */
final class ConnectionPool {

    private static final int IDLE_MAX = 64;

    private final EventLoop eventLoop;
    private final Deque<ContainerConnection> idle = new ArrayDeque<>();
    private boolean closed;

    ConnectionPool(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    /** An idle connection that is still open, null when there is none. */
    @Nullable
    ContainerConnection take() {
        ContainerConnection connection = idle.pollFirst();
        while (connection != null && !connection.isOpen()) {
            connection = idle.pollFirst();
        }
        return connection;
    }

    /** Keeps a connection for another exchange, or closes it. */
    void giveBack(ContainerConnection connection) {
        connection.unbind();
        if (closed || !connection.isReusable() || idle.size() >= IDLE_MAX) {
            connection.close();
            return;
        }
        idle.addFirst(connection);
    }

    /** Forgets a connection that its container closed. */
    void forget(ContainerConnection connection) {
        idle.remove(connection);
    }

    void close() {
        closed = true;
        // Closing a connection makes it forget itself here, so the pool is emptied from the end rather than walked.
        for (ContainerConnection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            connection.close();
        }
    }
}
