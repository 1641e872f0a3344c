package dev.wisp.gateway.proxy;

import dev.wisp.contracts.route.Route;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One event loop's part of the gateway's HTTP server. Methods but {@link #listen} and {@link #close} run on the loop. */
final class GatewayListener {

    private static final long SWEEP_MILLIS = 1_000;

    /** Streams of one HTTP/2 connection at once; Vert.x and Netty bound resets and settings beyond that. */
    private static final int STREAMS_MAX = 250;

    private static final int STREAM_WINDOW_BYTES = 1 << 20;

    private final Vertx vertx;
    private final HttpCaller.Port port;
    private final ConnectionBook connections;
    private final RequestEntry entry;
    private final HttpServer server;
    private final UnbornConnections unborn;

    /** Without {@code plain} every request is Vert.x's. */
    GatewayListener(
            Vertx vertx,
            ServerSettings settings,
            HttpCaller.Port port,
            ConnectionBook connections,
            RequestEntry entry,
            @Nullable PlainEntry plain) {
        this.vertx = vertx;
        this.port = port;
        this.connections = connections;
        this.entry = entry;
        this.server = plain == null
                ? vertx.createHttpServer(options(settings))
                : new GatedHttpServer((VertxInternal) vertx, options(settings), () -> new PlainGate(plain));
        this.unborn = new UnbornConnections(server::actualPort, settings.headTimeout(), settings.connectionsMax());
    }

    /** Completes with the port. */
    Future<Integer> listen(BooleanSupplier draining) {
        Promise<Integer> listening = Promise.promise();
        port.loop().execute(() -> {
            vertx.setPeriodic(SWEEP_MILLIS, id -> sweep());
            server.connectionHandler(connection -> {
                        if (draining.getAsBoolean() && connections.find(connection) == null) {
                            connection.close();
                        } else {
                            connections.opened(connection, now());
                        }
                    })
                    .requestHandler(entry)
                    .invalidRequestHandler(entry::handleInvalid)
                    .listen()
                    .map(HttpServer::actualPort)
                    .onComplete(listening);
        });
        return listening.future();
    }

    void routeChanged(Route route) {
        entry.routeChanged(route);
    }

    void closeIdle() {
        port.loop().execute(connections::closeIdle);
    }

    Future<Void> close() {
        return server.close();
    }

    private void sweep() {
        connections.sweep(now());
        unborn.sweep(now());
    }

    private long now() {
        return port.nanoClock().getAsLong();
    }

    private static HttpServerOptions options(ServerSettings settings) {
        return new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setHttp2ClearTextEnabled(true)
                .setHandle100ContinueAutomatically(false)
                .setMaxInitialLineLength(settings.requestLineBytesMax())
                .setMaxHeaderSize(settings.headBytesMax())
                // What a workload and its caller agree on is theirs: the gateway must not join in on a WebSocket's
                // compression.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setDecompressionSupported(false)
                .setCompressionSupported(false)
                .setReuseAddress(true)
                .setTcpNoDelay(true)
                .setAcceptBacklog(4096)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(STREAMS_MAX)
                        .setInitialWindowSize(STREAM_WINDOW_BYTES)
                        .setMaxHeaderListSize(settings.headBytesMax()));
    }
}
