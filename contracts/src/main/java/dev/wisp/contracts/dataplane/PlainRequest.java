package dev.wisp.contracts.dataplane;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * A request whose head is plain ({@link PlainHead}), on the connection it came on: its body comes as bytes and its answer goes as bytes.
 * Confined to the connection's event loop. Ends with {@link #endKept}, {@link #endClosing} or {@link #reset}.
 */
public interface PlainRequest {

    /** Hears of the caller. */
    interface Listener {

        /** A piece of the body, to be released by whoever hears of it. */
        void body(ByteBuf piece);

        /** The body is complete; told once, also when there is none. */
        void bodyEnded();

        /** The connection takes more again. */
        void drained();

        /** The caller went away. */
        void gone();
    }

    /** Valid until the request has ended. */
    PlainHead head();

    EventLoop eventLoop();

    /** The caller's address, without port. */
    String remoteHost();

    /** What the node keeps with the connection, for its next request too; null at first. */
    @Nullable
    Object attachment();

    void attach(Object attachment);

    /** Who hears of the caller from now on; nothing is told of the body until {@link #resume}. */
    void listen(Listener listener);

    void pause();

    void resume();

    /** Sends bytes of the answer, with the next {@link #flush} at the latest; takes them over. */
    void write(ByteBuf bytes);

    void flush();

    /** Whether the caller keeps up with what is written. */
    boolean isWritable();

    /** The answer is complete and the request was read to its end: the connection carries the next one. */
    void endKept();

    /** The answer is complete, and the connection is closed when it is sent. */
    void endClosing();

    /** Breaks the connection, so that nobody takes the answer for whole. */
    void reset();
}
