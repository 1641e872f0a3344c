package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.PlainHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * First on a connection into a sandbox: reads those final responses whose head is plain, came whole and says how long the body is, when
 * the exchange wants them as bytes. All else goes on to the decoder, to the response's end. Confined to its event loop.
 */
final class PlainResponses extends ChannelInboundHandlerAdapter {

    private enum Mode {
        /** Nothing is asked, so nothing may come. */
        IDLE,
        HEAD,
        BODY,
        /** The decoder's. */
        DECODED
    }

    private final ContainerConnection connection;
    private final PlainHead head = new PlainHead();
    private @Nullable ChannelHandlerContext context;
    private Mode mode = Mode.DECODED;
    private boolean answersHead;
    private long left;

    PlainResponses(ContainerConnection connection) {
        this.connection = connection;
    }

    /** The next response is read here if it is plain. */
    void expect(ContainerConnection.Asks asks) {
        mode = Mode.HEAD;
        answersHead = asks == ContainerConnection.Asks.HEAD;
    }

    /** The next response is the decoder's, whatever it is. */
    void expectNone() {
        mode = Mode.DECODED;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** Writes bytes as they are, past all others, and takes them over; before the connection is open there is nobody to write to. */
    void write(ByteBuf bytes) {
        ChannelHandlerContext here = context;
        if (here == null) {
            bytes.release();
        } else {
            here.write(bytes, here.voidPromise());
        }
    }

    void flush() {
        ChannelHandlerContext here = context;
        if (here != null) {
            here.flush();
        }
    }

    /** Nothing of what was read here is for those that stand behind. */
    @Override
    public void channelReadComplete(ChannelHandlerContext read) {
        if (mode == Mode.DECODED) {
            read.fireChannelReadComplete();
        } else {
            connection.plainCaughtUp();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        if (mode == Mode.HEAD && message instanceof ByteBuf bytes && !isBegun(bytes)) {
            mode = Mode.DECODED;
        }
        if (mode == Mode.DECODED || !(message instanceof ByteBuf bytes)) {
            reading.fireChannelRead(message);
            return;
        }
        try {
            read(bytes);
        } finally {
            bytes.release();
        }
    }

    private boolean isBegun(ByteBuf bytes) {
        if (head.readResponse(bytes) != PlainHead.Verdict.PLAIN) {
            return false;
        }
        boolean bodiless = answersHead
                || head.status() == HttpResponseStatus.NO_CONTENT.code()
                || head.status() == HttpResponseStatus.NOT_MODIFIED.code();
        if (head.status() == HttpResponseStatus.RESET_CONTENT.code() || (!bodiless && head.contentLength() < 0)) {
            return false;
        }
        left = bodiless ? 0 : head.contentLength();
        return true;
    }

    private void read(ByteBuf bytes) {
        if (mode == Mode.HEAD) {
            bytes.skipBytes(head.length());
            mode = Mode.BODY;
            connection.plainHead(head);
        }
        int length = (int) Math.min(left, bytes.readableBytes());
        left -= length;
        if (length == bytes.readableBytes() && length > 0) {
            // All there is: who looks at it needs no slice of its own.
            connection.plainBody(bytes);
            bytes.skipBytes(bytes.readableBytes());
        } else if (length > 0) {
            connection.plainBody(bytes.readSlice(length));
        }
        if (mode == Mode.BODY && left == 0) {
            mode = Mode.IDLE;
            if (bytes.isReadable()) {
                connection.spoil();
            }
            connection.plainEnd();
        } else if (mode == Mode.IDLE) {
            // What a container sends between exchanges would be taken for the next answer.
            connection.close();
        }
    }
}
