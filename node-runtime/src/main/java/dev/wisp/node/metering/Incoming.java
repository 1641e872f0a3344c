package dev.wisp.node.metering;

import dev.wisp.node.trace.TraceFields;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The request of an exchange: what it asks, and how its head and body get into the container. Confined to its event loop. */
interface Incoming {

    /** Hears of the body. */
    interface Receiver {

        /** A piece, to be released by whoever gets it. */
        void piece(ByteBuf bytes);

        /** The body is complete; told once, also when there is none. */
        void ended();
    }

    /** Calls back when the caller has gone; any number of times. */
    void watch(Runnable gone);

    /** The answer to it. */
    Answer answer();

    /** Whether the container's answer is wanted as bytes, as far as it is plain. */
    boolean isPlain();

    ContainerConnection.Asks asks();

    /** Whether it may be sent again when a kept connection turns out to be closed (RFC 9110, 9.2.2). */
    boolean isIdempotent();

    /** Whether only what comes next tells if there is a body. */
    boolean isBodyUndecided();

    /** How the body is framed, when that is decided. */
    RequestHead.Body body();

    /**
     * Writes the head; nothing is flushed.
     *
     * @param deadlineMillis when the call is given up, milliseconds since 1970 UTC
     * @param trace in place of what the caller said of its trace; null leaves that
     */
    void sendHead(ContainerConnection to, RequestHead.Body framing, long deadlineMillis, @Nullable TraceFields trace);

    /** Writes a piece of the body, and takes it over. */
    void sendPiece(ContainerConnection to, ByteBuf bytes);

    /** Writes what ends a body. */
    void sendEnd(ContainerConnection to);

    /** Begins to read the body; what has arrived already is told before this returns. */
    void read(Receiver receiver);

    void pause();

    void resume();

    /** Nobody reads here any more; the request is someone else's. */
    void release();

    /** Nobody wants the rest of the body. */
    void discard();
}
