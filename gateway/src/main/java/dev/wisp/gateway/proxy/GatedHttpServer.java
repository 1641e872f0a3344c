package dev.wisp.gateway.proxy;

import dev.wisp.contracts.loop.RoundWrites;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.traffic.GlobalTrafficShapingHandler;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.SslChannelProvider;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Vert.x's server with a handler before it in the pipeline of each connection, there from the first byte. Vert.x offers no such place,
 * and tells of a connection only after its first request's head; the method overridden here is where it fills the pipeline.
 */
final class GatedHttpServer extends HttpServerImpl {

    private final Supplier<ChannelHandler> gates;

    GatedHttpServer(VertxInternal vertx, HttpServerOptions options, Supplier<ChannelHandler> gates) {
        super(vertx, options);
        this.gates = gates;
    }

    @Override
    protected BiConsumer<Channel, SslChannelProvider> childHandler(
            ContextInternal context, SocketAddress address, GlobalTrafficShapingHandler shaping) {
        BiConsumer<Channel, SslChannelProvider> filling = super.childHandler(context, address, shaping);
        return (channel, ssl) -> {
            filling.accept(channel, ssl);
            channel.pipeline().addFirst(new RoundWrites(), gates.get());
        };
    }
}
