package dev.wisp.gateway.proxy;

import io.netty.channel.Channel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.AttributeKey;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections that never get as far as a request. A server that speaks HTTP/1.1 and h2c on one port knows which only after the
 * first request's head, and Vert.x tells of the connection only then; its idle timeout is no help against a caller that sends a letter
 * now and then. So this looks at the channels of the event loop itself. Runs on that loop.
 */
final class UnbornConnections {

    private static final AttributeKey<Long> SEEN_NANOS = AttributeKey.valueOf(UnbornConnections.class, "seenNanos");

    /** What Vert.x calls the handler that stands for a connection it told of. */
    private static final String BORN = "handler";

    private final IntSupplier port;
    private final long headNanosMax;
    private final int unbornMax;

    UnbornConnections(IntSupplier port, Duration headTimeout, int unbornMax) {
        this.port = port;
        this.headNanosMax = headTimeout.toNanos();
        this.unbornMax = unbornMax;
    }

    /** Closes those seen by a call at least the timeout ago, and any beyond the bound. */
    void sweep(long nowNanos) {
        List<Channel> late = new ArrayList<>();
        int unborn = 0;
        for (Iterator<Channel> channels = channels(); channels.hasNext(); ) {
            Channel channel = channels.next();
            if (isUnborn(channel) && (++unborn > unbornMax || isLate(channel, nowNanos))) {
                late.add(channel);
            }
        }
        // Closing takes the channel out of what is being looked through, so it comes after.
        late.forEach(Channel::close);
    }

    private boolean isUnborn(Channel channel) {
        return channel.parent() != null
                && channel.localAddress() instanceof InetSocketAddress local
                && local.getPort() == port.getAsInt()
                && channel.pipeline().get(BORN) == null
                && !isUsed(channel.pipeline().get(PlainGate.class));
    }

    private static boolean isUsed(@Nullable PlainGate gate) {
        return gate != null && gate.isUsed();
    }

    private boolean isLate(Channel channel, long nowNanos) {
        Long seen = channel.attr(SEEN_NANOS).setIfAbsent(nowNanos);
        return seen != null && nowNanos - seen >= headNanosMax;
    }

    private static Iterator<Channel> channels() {
        @Nullable Context context = Vertx.currentContext();
        return context instanceof ContextInternal internal
                        && internal.nettyEventLoop() instanceof SingleThreadEventLoop loop
                ? loop.registeredChannelsIterator()
                : List.<Channel>of().iterator();
    }
}
