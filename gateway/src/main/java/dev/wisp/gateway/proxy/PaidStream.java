package dev.wisp.gateway.proxy;

import dev.wisp.contracts.dataplane.Funds;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/** The answer of a node on another host, as far as the call's budget pays for it. Confined to its event loop. */
final class PaidStream implements WriteStream<Buffer> {

    /** What the node may have counted and sent that has not come here: a window of HTTP/2, 64 KiB, and what the two hosts queue. */
    static final long UNSEEN_BYTES_MAX = 1 << 20;

    private final WriteStream<Buffer> to;
    private final Funds funds;
    private final Runnable unpaid;
    private long bytes;
    private boolean over;

    /**
     * @param unpaid ends the call; once
     */
    PaidStream(WriteStream<Buffer> to, Funds funds, Runnable unpaid) {
        this.to = to;
        this.funds = funds;
        this.unpaid = unpaid;
    }

    @Override
    public Future<Void> write(Buffer data) {
        bytes += data.length();
        if (!over && !funds.coverBytes(bytes + UNSEEN_BYTES_MAX)) {
            over = true;
            funds.ranOut();
            unpaid.run();
        }
        return over ? Future.failedFuture("no more of it is paid for") : to.write(data);
    }

    @Override
    public void write(Buffer data, Handler<AsyncResult<Void>> handler) {
        write(data).onComplete(handler);
    }

    @Override
    public void end(@Nullable Handler<AsyncResult<Void>> handler) {
        to.end(handler);
    }

    @Override
    public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
        to.exceptionHandler(handler);
        return this;
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int size) {
        to.setWriteQueueMaxSize(size);
        return this;
    }

    @Override
    public boolean writeQueueFull() {
        return to.writeQueueFull();
    }

    @Override
    public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
        to.drainHandler(handler);
        return this;
    }
}
