package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.PlainHead;
import dev.wisp.contracts.dataplane.PlainRequest;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.traffic.GlobalTrafficShapingHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerImpl;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.SslChannelProvider;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The least that can stand before a proxy and hand it plain requests as bytes; a connection with anything else on it is Vert.x's from
 * then on.
 */
final class PlainFront extends ChannelInboundHandlerAdapter implements PlainRequest {

    /** Where requests go. */
    interface Proxy {

        void proxy(PlainRequest request, Consumer<ProxyOutcome> done);
    }

    private final Proxy proxy;
    private final PlainHead head = new PlainHead();
    private @Nullable ChannelHandlerContext context;
    private ByteBuf kept = Unpooled.EMPTY_BUFFER;
    private @Nullable Listener listener;
    private @Nullable Object attachment;
    private boolean busy;
    private boolean asked;
    private boolean told;
    private boolean left;
    private long bodyLeft;

    private PlainFront(Proxy proxy) {
        this.proxy = proxy;
    }

    /** A server of Vert.x with this before it. */
    static HttpServer server(Vertx vertx, Proxy proxy) {
        return new HttpServerImpl((VertxInternal) vertx, new HttpServerOptions()) {
            @Override
            protected BiConsumer<Channel, SslChannelProvider> childHandler(
                    ContextInternal context, SocketAddress address, GlobalTrafficShapingHandler shaping) {
                BiConsumer<Channel, SslChannelProvider> filling = super.childHandler(context, address, shaping);
                return (channel, ssl) -> {
                    filling.accept(channel, ssl);
                    channel.pipeline().addFirst(new PlainFront(proxy));
                };
            }
        };
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        if (left) {
            reading.fireChannelRead(message);
            return;
        }
        kept = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(reading.alloc(), kept, (ByteBuf) message);
        next();
    }

    @Override
    public void channelInactive(ChannelHandlerContext closed) {
        if (listener != null) {
            listener.gone();
        }
        closed.fireChannelInactive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        if (listener != null && isWritable()) {
            listener.drained();
        }
        changed.fireChannelWritabilityChanged();
    }

    private void next() {
        if (busy) {
            tell();
            return;
        }
        PlainHead.Verdict verdict = kept.isReadable() ? head.readRequest(kept) : PlainHead.Verdict.INCOMPLETE;
        if (verdict == PlainHead.Verdict.OTHER) {
            left = true;
            context().fireChannelRead(kept);
            context().fireChannelReadComplete();
        } else if (verdict == PlainHead.Verdict.PLAIN) {
            kept.skipBytes(head.length());
            bodyLeft = Math.max(0, head.contentLength());
            busy = true;
            asked = false;
            told = false;
            proxy.proxy(this, this::over);
        }
    }

    private void over(ProxyOutcome outcome) {
        listener = null;
        String detail = ProxyFixture.handedBack(outcome);
        if (detail != null) {
            byte[] text = detail.getBytes(StandardCharsets.UTF_8);
            write(Unpooled.copiedBuffer(
                    "HTTP/1.1 409 Conflict\r\ncontent-length: " + text.length + "\r\n\r\n", StandardCharsets.UTF_8));
            write(Unpooled.wrappedBuffer(text));
            flush();
        }
        busy = false;
        next();
    }

    private void tell() {
        while (asked && listener != null && bodyLeft > 0 && kept.isReadable()) {
            int length = (int) Math.min(bodyLeft, kept.readableBytes());
            bodyLeft -= length;
            listener.body(kept.readRetainedSlice(length));
        }
        if (asked && listener != null && bodyLeft == 0 && !told) {
            told = true;
            listener.bodyEnded();
        }
    }

    @Override
    public PlainHead head() {
        return head;
    }

    @Override
    public EventLoop eventLoop() {
        return context().channel().eventLoop();
    }

    @Override
    public String remoteHost() {
        return "127.0.0.1";
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(Object keep) {
        attachment = keep;
    }

    @Override
    public void listen(Listener hearing) {
        listener = hearing;
    }

    @Override
    public void pause() {
        asked = false;
    }

    @Override
    public void resume() {
        asked = true;
        tell();
    }

    @Override
    public void write(ByteBuf bytes) {
        context().write(bytes, context().voidPromise());
    }

    @Override
    public void flush() {
        context().flush();
    }

    @Override
    public boolean isWritable() {
        return context().channel().isWritable();
    }

    @Override
    public void endKept() {
        flush();
    }

    @Override
    public void endClosing() {
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void reset() {
        context().close();
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext added = context;
        if (added == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return added;
    }
}
