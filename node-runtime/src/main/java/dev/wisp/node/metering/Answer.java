package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.PlainHead;
import dev.wisp.contracts.dataplane.WispHeaders;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.problem.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/**
 * The response to the caller. A short one is held back until it is complete, so that its head can carry what the invocation cost; one
 * that is long, or still being made when all that arrived with its head was read, is streamed and says so in its trailers.
 */
interface Answer {

    /** Longest body that is held back. */
    int HELD_BYTES_MAX = 64 << 10;

    /** What a streamed answer announces. */
    String TRAILERS = String.join(
            ", ", WispHeaders.BILLED_DURATION, WispHeaders.CPU_TIME, WispHeaders.COST, WispHeaders.SERVER_TIMING);

    /** Whether the caller's connection can carry another request. */
    enum Closing {
        KEPT,
        CLOSED
    }

    /** Whether the caller has seen a status. */
    boolean isHeadSent();

    /** Status the container answered with, 0 before it did. */
    int status();

    /** Passes on what the container says to fetch meanwhile. */
    void earlyHints(HttpResponse informational);

    /** Takes the container's head; it goes out with the first of what follows. */
    void begin(HttpResponse containerHead);

    /** The same for a head that is valid during this call only. */
    void begin(PlainHead containerHead);

    /** Tells the caller that the container agreed, and turns its connection into a plain one. */
    Future<NetSocket> switchProtocols(HttpResponse containerHead);

    /** Takes a piece of the body, which stays the giver's; true when the caller is slower than the container, who should then pause. */
    boolean write(ByteBuf content);

    /** All that arrived together was read: unless the rest is known to be short, the caller need not wait for it. */
    void caughtUp();

    void onDrain(Runnable resume);

    /** Sends the rest, the figures with it. */
    void end(InvocationRecord record, long totalMicros, HttpHeaders trailers, Closing closing);

    /** Answers in the container's place; only before the head was sent. */
    void problem(Problem problem, @Nullable InvocationRecord record, long totalMicros, Closing closing);

    /** Breaks off in a way that the caller cannot take for the end. */
    void reset();

    /** Frees what was not sent; nothing follows. */
    void discard();
}
