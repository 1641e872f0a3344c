package dev.wisp.gateway.proxy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A request through Vert.x that may have to be handed out twice: what was read of its body is kept, no more than was announced, and
 * comes again. Confined to the event loop of its connection; it has to be paused when it is
 * wrapped.
 */
final class KeptRequest extends HttpServerRequestWrapper {

    private final Buffer kept = Buffer.buffer();
    private final long bytesMax;
    private @Nullable Handler<Buffer> reader;
    private @Nullable Handler<Void> atEnd;
    private int told;
    private boolean flowing;
    private boolean ended;
    private boolean endTold;
    private boolean whole = true;

    /** {@code bytesMax}: length of the body as its head says it. */
    KeptRequest(HttpServerRequestInternal request, long bytesMax) {
        super(request);
        this.bytesMax = bytesMax;
        request.handler(this::read).endHandler(end -> {
            ended = true;
            tell();
        });
    }

    /** Whether all that was read is still there. */
    boolean isWhole() {
        return whole;
    }

    /** Whoever reads next reads from the beginning. */
    void again() {
        pause();
        reader = null;
        atEnd = null;
        told = 0;
        endTold = false;
    }

    @Override
    public HttpServerRequest handler(@Nullable Handler<Buffer> handler) {
        reader = handler;
        return this;
    }

    @Override
    public HttpServerRequest endHandler(@Nullable Handler<Void> handler) {
        atEnd = handler;
        return this;
    }

    @Override
    public HttpServerRequest pause() {
        flowing = false;
        if (!ended) {
            super.pause();
        }
        return this;
    }

    @Override
    public HttpServerRequest resume() {
        flowing = true;
        tell();
        if (flowing && !ended) {
            super.resume();
        }
        return this;
    }

    /** What is kept comes again before the end does. */
    @Override
    public boolean isEnded() {
        return super.isEnded() && told == kept.length();
    }

    private void read(Buffer piece) {
        whole &= kept.length() + piece.length() <= bytesMax;
        if (whole) {
            kept.appendBuffer(piece);
            told = kept.length();
        }
        if (reader != null) {
            reader.handle(piece);
        }
    }

    private void tell() {
        Handler<Buffer> reading = reader;
        if (flowing && told < kept.length() && reading != null) {
            Buffer rest = kept.getBuffer(told, kept.length());
            told = kept.length();
            reading.handle(rest);
        }
        Handler<Void> ending = atEnd;
        if (flowing && ended && !endTold && ending != null) {
            endTold = true;
            ending.handle(null);
        }
    }
}
