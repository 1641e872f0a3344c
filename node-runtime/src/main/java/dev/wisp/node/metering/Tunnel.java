package dev.wisp.node.metering;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bytes both ways after the two ends agreed on another protocol, such as WebSocket. Neither end can outrun the other: whoever is faster
 * is not read. Ends when either end does, when nothing moved for the revision's timeout, or when its budget has no more for it. Confined to its
 * event loop.
 */
final class Tunnel {

    /** Nothing is asked for more often than that. */
    private static final long PAID_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ContainerConnection container;
    private final Invocation invocation;
    private final EventLoop eventLoop;
    private final LongSupplier nanoTime;
    private final long idleNanosMax;
    private final Runnable ended;
    private @Nullable NetSocket caller;
    private @Nullable ScheduledFuture<?> timer;
    /** What came before the caller's side was there: no more than one read, for none follows until then. */
    private final Buffer early = Buffer.buffer();

    private long movedNanos;
    private boolean over;

    /** {@code ended} is called once. */
    Tunnel(
            ContainerConnection container,
            Invocation invocation,
            EventLoop eventLoop,
            LongSupplier nanoTime,
            long idleMillisMax,
            Runnable ended) {
        this.container = container;
        this.invocation = invocation;
        this.eventLoop = eventLoop;
        this.nanoTime = nanoTime;
        this.idleNanosMax = TimeUnit.MILLISECONDS.toNanos(idleMillisMax);
        this.ended = ended;
        this.movedNanos = nanoTime.getAsLong();
    }

    /** The caller's side is there. */
    void open(NetSocket socket) {
        caller = socket;
        if (early.length() > 0) {
            socket.write(early);
        }
        socket.handler(this::fromCaller);
        socket.exceptionHandler(broken -> end());
        socket.closeHandler(closed -> end());
        check();
    }

    /** The container sent something. */
    void fromContainer(ByteBuf bytes) {
        if (over) {
            return;
        }
        if (!invocation.isPaid(bytes.readableBytes())) {
            unpaid();
            return;
        }
        moved();
        invocation.countOut(bytes.readableBytes());
        Buffer copy = Buffer.buffer(ByteBufUtil.getBytes(bytes));
        NetSocket to = caller;
        if (to == null) {
            early.appendBuffer(copy);
            return;
        }
        to.write(copy);
        if (to.writeQueueFull()) {
            container.reading(false);
            to.drainHandler(drained -> container.reading(true));
        }
    }

    /** The container takes more again. */
    void writable() {
        if (caller != null && !over) {
            caller.resume();
        }
    }

    /** Ends both sides. */
    void end() {
        if (over) {
            return;
        }
        over = true;
        if (timer != null) {
            timer.cancel(false);
        }
        ended.run();
        if (caller != null) {
            caller.close();
        }
    }

    @SuppressWarnings("deprecation") // Vert.x 4 has no other way to a buffer's bytes without a copy.
    private void fromCaller(Buffer bytes) {
        if (over) {
            return;
        }
        moved();
        invocation.countIn(bytes.length());
        container.writeRaw(bytes.getByteBuf());
        if (!container.isWritable() && caller != null) {
            caller.pause();
        }
    }

    private void moved() {
        movedNanos = nanoTime.getAsLong();
    }

    private void check() {
        long now = nanoTime.getAsLong();
        long idleNanos = idleNanosMax - (now - movedNanos);
        long paidNanos = paidNanos(now);
        if (paidNanos <= 0 && !over) {
            unpaid();
        } else if (idleNanos <= 0) {
            end();
        } else if (!over) {
            // Half of what is paid, so that it is asked for a few times more before the end.
            long againNanos = Math.max(paidNanos / 2, Math.min(paidNanos, PAID_CHECK_NANOS));
            timer = eventLoop.schedule(this::check, Math.min(idleNanos, againNanos), TimeUnit.NANOSECONDS);
        }
    }

    private void unpaid() {
        invocation.ranOut();
        end();
    }

    private long paidNanos(long now) {
        long aheadMillis = TimeUnit.NANOSECONDS.toMillis(idleNanosMax) / 2;
        return TimeUnit.MILLISECONDS.toNanos(invocation.paidMillis(now, aheadMillis));
    }
}
