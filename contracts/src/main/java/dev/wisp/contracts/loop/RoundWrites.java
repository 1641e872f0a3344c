package dev.wisp.contracts.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * First in a connection's pipeline: what is flushed is sent at the end of the event loop's round, together with what other connections have
 * to send then, in one system call. A loop that sends for each connection by itself enters the kernel for each, and loses its
 * processor to nearly everyone it wakes.
 *
 * <p>Only buffers outside of the heap whose writer wants no news of them wait, few and short, and only while the channel itself has nothing
 * to send. All else is the channel's at once, after what waited. What a socket does not take, or not without an error, becomes the
 * channel's too, which then does what it always does. Where the kernel has no io_uring, or the
 * system property {@code wisp.loop.io-uring} is {@code false}, all is the channel's.
 *
 * <p>Confined to the channel's event loop.
 */
public final class RoundWrites extends ChannelOutboundHandlerAdapter {

    /** More is worth a system call of its own. */
    static final int WAITING_BYTES_MAX = 64 << 10;

    private final @Nullable ByteBuf[] waiting = new ByteBuf[SendRing.BUFFERS_MAX];
    private int count;
    private boolean inRound;
    private int socket;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Round round;

    /** Whether this process may have a ring; opens one to see. */
    public static boolean isSupported() {
        try (SendRing ring = SendRing.open()) {
            return ring != null;
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        if (added.channel() instanceof UnixChannel channel
                && added.channel().eventLoop() instanceof SingleThreadEventLoop) {
            Round here = Round.ofThread();
            round = here.isPossible() ? here : null;
            socket = channel.fd().intValue();
        }
    }

    /** As when the connection changes to a protocol whose handlers replace all others. */
    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        if (removed.channel().isActive()) {
            giveToChannel(removed);
        } else {
            drop();
        }
    }

    @Override
    public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
        if (promise.isVoid() && message instanceof ByteBuf buffer && canWait(writing, buffer)) {
            waiting[count++] = buffer;
        } else {
            giveToChannel(writing);
            writing.write(message, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext flushing) {
        if (count == 0) {
            flushing.flush();
        } else if (!inRound) {
            Round here = round;
            inRound = here != null
                    && here.add(this, (SingleThreadEventLoop) flushing.channel().eventLoop());
            if (!inRound) {
                giveToChannel(flushing);
                flushing.flush();
            }
        }
    }

    /** What was flushed still goes out. */
    @Override
    public void close(ChannelHandlerContext closing, ChannelPromise promise) {
        if (inRound) {
            giveToChannel(closing);
        } else {
            drop();
        }
        closing.close(promise);
    }

    private boolean canWait(ChannelHandlerContext writing, ByteBuf buffer) {
        if (round == null || count == waiting.length || !buffer.hasMemoryAddress() || !buffer.isReadable()) {
            return false;
        }
        if (waitingBytes() + buffer.readableBytes() > WAITING_BYTES_MAX) {
            return false;
        }
        ChannelOutboundBuffer before = writing.channel().unsafe().outboundBuffer();
        return before != null && before.isEmpty();
    }

    private int waitingBytes() {
        int bytes = 0;
        for (int at = 0; at < count; at++) {
            ByteBuf buffer = waiting[at];
            bytes += buffer == null ? 0 : buffer.readableBytes();
        }
        return bytes;
    }

    /** Adds what waits; false when there is nothing, or nobody to send it to. A closed channel's number may be another's by now. */
    boolean addTo(SendRing ring) {
        inRound = false;
        if (count > 0 && context != null && context.channel().isOpen()) {
            ring.add(socket, waiting, count);
            return true;
        }
        drop();
        return false;
    }

    /** The socket took so many bytes, or said an error. */
    void sent(int result) {
        int left = Math.max(0, result);
        int at = 0;
        while (at < count) {
            ByteBuf buffer = waiting[at];
            if (buffer == null || buffer.readableBytes() > left) {
                break;
            }
            left -= buffer.readableBytes();
            buffer.release();
            waiting[at++] = null;
        }
        if (at == count) {
            count = 0;
            return;
        }
        ByteBuf begun = waiting[at];
        if (begun != null) {
            begun.skipBytes(left);
        }
        if (context != null) {
            giveToChannel(context);
            context.flush();
        }
    }

    /** Nobody knows what was sent. */
    void lost() {
        drop();
        if (context != null) {
            context.close();
        }
    }

    /** And sends it if that was asked for. */
    private void giveToChannel(ChannelHandlerContext to) {
        if (count == 0) {
            return;
        }
        for (int at = 0; at < count; at++) {
            ByteBuf buffer = waiting[at];
            waiting[at] = null;
            if (buffer != null) {
                to.write(buffer, to.voidPromise());
            }
        }
        count = 0;
        if (inRound) {
            to.flush();
        }
    }

    private void drop() {
        for (int at = 0; at < count; at++) {
            ByteBuf buffer = waiting[at];
            waiting[at] = null;
            if (buffer != null) {
                ReferenceCountUtil.safeRelease(buffer);
            }
        }
        count = 0;
    }
}
