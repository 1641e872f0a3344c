package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.PlainHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One connection into a sandbox, carrying one exchange at a time; confined to its event loop. */
final class ContainerConnection extends ChannelInboundHandlerAdapter {

    private static final int INFORMATIONAL_MAX = 16;

    private final Channel channel;
    private final ResponseDecoder decoder;
    private final PlainResponses plain = new PlainResponses(this);
    private @Nullable ContainerListener listener;
    private boolean upgrade;
    private boolean switched;
    private boolean informational;
    private int informationalCount;
    private boolean headSeen;
    private boolean reusable;
    private int exchanges;

    ContainerConnection(Channel channel, ResponseDecoder decoder) {
        this.channel = channel;
        this.decoder = decoder;
    }

    Channel channel() {
        return channel;
    }

    /** Whether an earlier exchange was on it, so that the container may have closed it meanwhile. */
    boolean isReused() {
        return exchanges > 1;
    }

    boolean isOpen() {
        return channel.isActive();
    }

    /** Whether the finished exchange left it fit for another. */
    boolean isReusable() {
        return reusable && channel.isActive();
    }

    /** What the exchange asks for, as far as it decides on how the answer is framed. */
    enum Asks {
        BODY,
        HEAD,
        UPGRADE
    }

    /** Stands before the decoder in the pipeline. */
    PlainResponses plain() {
        return plain;
    }

    /** Begins an exchange. */
    void bind(ContainerListener exchange, Asks asks) {
        begin(exchange, asks);
        plain.expectNone();
    }

    /** Begins an exchange that writes with {@link #writePlain} and takes the answer as bytes where it is plain. */
    void bindPlain(ContainerListener exchange, Asks asks) {
        begin(exchange, asks);
        plain.expect(asks);
    }

    private void begin(ContainerListener exchange, Asks asks) {
        listener = exchange;
        decoder.expect(asks == Asks.HEAD);
        upgrade = asks == Asks.UPGRADE;
        informationalCount = 0;
        headSeen = false;
        reusable = false;
        exchanges++;
    }

    /** Ends an exchange, however far it got. */
    void unbind() {
        listener = null;
    }

    void write(HttpObject message) {
        channel.write(message, channel.voidPromise());
    }

    /** Writes bytes past the encoder, and takes them over. */
    void writePlain(ByteBuf bytes) {
        plain.write(bytes);
    }

    /** The head of a final response that keeps the connection. */
    void plainHead(PlainHead head) {
        if (listener != null) {
            headSeen = true;
            reusable = true;
            listener.answered(head);
        }
    }

    void plainBody(ByteBuf bytes) {
        if (listener != null) {
            listener.received(bytes);
        }
    }

    void plainEnd() {
        if (listener != null) {
            listener.completed(EmptyHttpHeaders.INSTANCE);
        }
    }

    /** What arrived together was told. */
    void plainCaughtUp() {
        if (listener != null) {
            listener.caughtUp();
        }
    }

    /** More came than was asked for: this exchange is the connection's last. */
    void spoil() {
        reusable = false;
    }

    /** Sends bytes of the protocol that was switched to. */
    void writeRaw(ByteBuf bytes) {
        channel.writeAndFlush(bytes, channel.voidPromise());
    }

    /** Sends what was written; nobody on the way holds anything back. */
    void flush() {
        plain.flush();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    void close() {
        reusable = false;
        listener = null;
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (listener == null) {
                // Nobody asked: what a container sends between exchanges would be taken for the next answer.
                close();
            } else if (message instanceof HttpObject object) {
                read(listener, object);
            } else if (switched && message instanceof ByteBuf bytes) {
                listener.tunnelled(bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        plainCaughtUp();
        context.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (listener != null && channel.isWritable()) {
            listener.writable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        breakOff();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        breakOff();
        context.close();
    }

    private void breakOff() {
        ContainerListener waiting = listener;
        if (waiting != null) {
            listener = null;
            reusable = false;
            waiting.broken();
        }
    }

    private void read(ContainerListener exchange, HttpObject object) {
        DecoderResult result = object.decoderResult();
        if (result.isFailure()) {
            garble(exchange, String.valueOf(result.cause().getMessage()));
            return;
        }
        if (object instanceof HttpResponse response && !head(exchange, response)) {
            return;
        }
        if (object instanceof HttpContent content && !informational && !switched) {
            body(exchange, content);
        }
    }

    /** False when the connection was closed over it. */
    private boolean head(ContainerListener exchange, HttpResponse response) {
        HttpResponseStatus status = response.status();
        informational = status.codeClass() == HttpStatusClass.INFORMATIONAL;
        if (status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            return switchProtocols(exchange, response);
        }
        if (informational) {
            if (++informationalCount > INFORMATIONAL_MAX) {
                garble(exchange, "more than %d informational responses".formatted(INFORMATIONAL_MAX));
                return false;
            }
            if (status.equals(HttpResponseStatus.EARLY_HINTS)) {
                exchange.informed(response);
            }
            return true;
        }
        headSeen = true;
        reusable = HttpUtil.isKeepAlive(response)
                && (HttpUtil.isTransferEncodingChunked(response)
                        || HttpUtil.isContentLengthSet(response)
                        || decoder.isContentAlwaysEmpty(response));
        exchange.answered(response);
        return true;
    }

    private boolean switchProtocols(ContainerListener exchange, HttpResponse response) {
        if (!upgrade || switched) {
            garble(exchange, "switched protocols without being asked");
            return false;
        }
        switched = true;
        // From here on the bytes are not HTTP's: the encoder would refuse them, and the decoder passes them on as they
        // are.
        channel.pipeline().remove(HttpRequestEncoder.class);
        exchange.switched(response);
        return true;
    }

    private void body(ContainerListener exchange, HttpContent content) {
        ByteBuf bytes = content.content();
        if (headSeen && bytes.isReadable()) {
            exchange.received(bytes);
        }
        // Taking a piece may have ended the exchange, as when the caller turns out to be gone.
        if (headSeen && listener != null && content instanceof LastHttpContent last) {
            exchange.completed(last.trailingHeaders());
        }
    }

    private void garble(ContainerListener exchange, String detail) {
        close();
        exchange.garbled(detail);
    }
}
