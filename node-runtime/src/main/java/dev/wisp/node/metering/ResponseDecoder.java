package dev.wisp.node.metering;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Reads one connection's responses within bounds, one request at a time. Stricter than its parent: a message framed in two ways is
 * refused, not repaired, for the two ends would disagree on where it ends.
 */
final class ResponseDecoder extends HttpResponseDecoder {

    private static final int LINE_BYTES_MAX = 8 << 10;
    private static final int HEADER_BYTES_MAX = 32 << 10;
    private static final int CHUNK_BYTES_MAX = 64 << 10;

    private boolean answersHead;

    ResponseDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(LINE_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxChunkSize(CHUNK_BYTES_MAX));
    }

    /** Says whether the next final response answers a HEAD and so has no body whatever it announces. */
    void expect(boolean head) {
        answersHead = head;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        // A parent that knows drafts of WebSocket looks for a body after some switches of protocol.
        boolean switched = message instanceof HttpResponse response
                && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        return answersHead || switched || super.isContentAlwaysEmpty(message);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
    }
}
