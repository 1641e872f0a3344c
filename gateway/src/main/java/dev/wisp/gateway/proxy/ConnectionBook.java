package dev.wisp.gateway.proxy;

import dev.wisp.gateway.metric.GatewayMetrics;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetSocketAddress;
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
    private final Map<Channel, Entry> entries = new HashMap<>();
    private final int connectionsMax;

    /** One connection. */
    static final class Entry {
        private final Channel channel;
        private @Nullable HttpConnection http;
        private @Nullable PlainGate gate;
        private @Nullable PlainGate handingOver;
        private int requests;
        private boolean used;
        private boolean closing;
        private @Nullable String remoteHost;
        private long idleSinceNanos;

        private Entry(Channel channel, long nowNanos) {
            this.channel = channel;
            this.idleSinceNanos = nowNanos;
        }

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
            if (requests == 0 && gate != null) {
                gate.idle();
            }
        }

        /** The gate in front of the connection, which is told when nothing is under way on it; null for none any more. */
        void behind(@Nullable PlainGate watching) {
            gate = watching;
        }

        /** The next request that Vert.x tells of was admitted already, by the gate. */
        void handOver(PlainGate admitted) {
            handingOver = admitted;
        }

        /** The gate that admitted the request Vert.x tells of, null when it is a new one. */
        @Nullable
        PlainGate takeHandedOver() {
            PlainGate admitted = handingOver;
            handingOver = null;
            return admitted;
        }

        /** The caller's address, without port. */
        String remoteHost() {
            if (remoteHost == null) {
                remoteHost = channel.remoteAddress() instanceof InetSocketAddress address
                        ? address.getAddress().getHostAddress()
                        : "";
            }
            return remoteHost;
        }

        private void close() {
            if (http == null) {
                channel.close();
            } else {
                http.close();
            }
        }
    }

    ConnectionBook(ServerSettings settings, GatewayMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
        this.connectionsMax = Math.max(1, settings.connectionsMax() / settings.eventLoops());
    }

    /** A connection that Vert.x tells of; it may have been known as a channel before. */
    void opened(HttpConnection connection, long nowNanos) {
        // The channel and not the connection: one that was switched to another protocol is no HTTP connection any more.
        Entry entry = opened(((ConnectionBase) connection).channel(), nowNanos);
        if (entry != null) {
            entry.http = connection;
        }
    }

    /** Null when there are too many connections: it is closed at once. */
    @Nullable
    Entry opened(Channel channel, long nowNanos) {
        Entry known = entries.get(channel);
        if (known != null) {
            return known;
        }
        if (entries.size() >= connectionsMax) {
            channel.close();
            return null;
        }
        Entry entry = new Entry(channel, nowNanos);
        entries.put(channel, entry);
        metrics.connectionOpened();
        channel.closeFuture().addListener(closed -> {
            entries.remove(channel);
            metrics.connectionClosed();
        });
        return entry;
    }

    /** Null for a connection that is being turned away. */
    @Nullable
    Entry find(HttpConnection connection) {
        return find(((ConnectionBase) connection).channel());
    }

    @Nullable
    Entry find(Channel channel) {
        return entries.get(channel);
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
        List<Entry> idle = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.requests == 0 && when.test(entry)) {
                idle.add(entry);
            }
        }
        // Closing calls back into the map, so it comes after looking.
        idle.forEach(Entry::close);
    }

    private long timeoutNanos(Entry entry) {
        return (entry.used ? settings.idleTimeout() : settings.headTimeout()).toNanos();
    }
}
