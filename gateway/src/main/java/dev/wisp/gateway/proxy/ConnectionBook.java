package dev.wisp.gateway.proxy;

import dev.wisp.gateway.metric.GatewayMetrics;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Open connections of one event loop and how long each has been without a request. Vert.x's own idle timeout would also cut a request
 * that is held or slow, because nothing moves on its connection meanwhile. Owned by the loop.
 */
final class ConnectionBook {

    private final ServerSettings settings;
    private final GatewayMetrics metrics;
    private final Map<HttpConnection, Entry> entries = new HashMap<>();
    private final int connectionsMax;

    /** One connection. */
    static final class Entry {
        private int requests;
        private boolean used;
        private boolean closing;
        private long idleSinceNanos;

        void requestBegan() {
            requests++;
            used = true;
        }

        /** The request now answered is the last: what follows it on the connection may not be a request at all. */
        void closing() {
            closing = true;
        }

        boolean isClosing() {
            return closing;
        }

        void requestEnded(long nowNanos) {
            requests--;
            idleSinceNanos = nowNanos;
        }
    }

    ConnectionBook(ServerSettings settings, GatewayMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
        this.connectionsMax = Math.max(1, settings.connectionsMax() / settings.eventLoops());
    }

    /** Closes the connection at once when there are too many. */
    void opened(HttpConnection connection, long nowNanos) {
        if (entries.size() >= connectionsMax) {
            connection.close();
            return;
        }
        Entry entry = new Entry();
        entry.idleSinceNanos = nowNanos;
        entries.put(connection, entry);
        metrics.connectionOpened();
        // The channel's end and not the connection's: one that was switched to another protocol is no HTTP connection
        // any more.
        ((ConnectionBase) connection).channel().closeFuture().addListener(closed -> {
            entries.remove(connection);
            metrics.connectionClosed();
        });
    }

    /** Null for a connection that is being turned away. */
    @Nullable
    Entry find(HttpConnection connection) {
        return entries.get(connection);
    }

    /** Closes what has been idle too long; call about once a second. */
    void sweep(long nowNanos) {
        closeIdle(entry -> nowNanos - entry.idleSinceNanos > timeoutNanos(entry));
    }

    /** Closes every connection without a request, for a gateway that stops. */
    void closeIdle() {
        closeIdle(entry -> true);
    }

    private void closeIdle(Predicate<Entry> when) {
        List<HttpConnection> idle = new ArrayList<>();
        entries.forEach((connection, entry) -> {
            if (entry.requests == 0 && when.test(entry)) {
                idle.add(connection);
            }
        });
        // Closing calls back into the map, so it comes after looking.
        idle.forEach(HttpConnection::close);
    }

    private long timeoutNanos(Entry entry) {
        return (entry.used ? settings.idleTimeout() : settings.headTimeout()).toNanos();
    }
}
