package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.PlainHead;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

/** What an exchange hears from its connection to the container; called on the connection's event loop. */
interface ContainerListener {

    /** 103 and the like, without 100 and 102. */
    void informed(HttpResponse response);

    /** The final response's head. */
    void answered(HttpResponse response);

    /** The same as bytes, valid during this call; only after {@link ContainerConnection#bindPlain}. */
    void answered(PlainHead head);

    /** It agreed to the protocol it was asked for: what follows is that protocol's. */
    void switched(HttpResponse response);

    /** Bytes of that protocol; the receiver must not keep the buffer. */
    void tunnelled(ByteBuf bytes);

    /** A piece of its body; the receiver must not keep the buffer. */
    void received(ByteBuf content);

    /** The response is complete. */
    void completed(HttpHeaders trailers);

    /** Everything that arrived together has been told. */
    void caughtUp();

    /** The connection takes more of the request's body again. */
    void writable();

    /** What came was not a valid response; the connection is closed. */
    void garbled(String detail);

    /** The connection ended before the response did. */
    void broken();
}
