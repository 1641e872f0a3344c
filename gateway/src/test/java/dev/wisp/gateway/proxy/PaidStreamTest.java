package dev.wisp.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.dataplane.Funds;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PaidStreamTest {

    private static final int PIECE = 1 << 16;

    private final List<String> events = new ArrayList<>();
    private final Written to = new Written();

    @Test
    void passesOnWhatIsPaidForWithWhatMayBeUnderWayAndEndsTheCallOnce() {
        PaidStream stream =
                new PaidStream(to, new Paid(3 * PIECE + PaidStream.UNSEEN_BYTES_MAX), () -> events.add("end"));

        for (int piece = 0; piece < 6; piece++) {
            stream.write(Buffer.buffer(new byte[PIECE]));
        }

        assertThat(to.bytes).isEqualTo(3 * PIECE);
        assertThat(events).containsExactly("out", "end");
        assertThat(stream.write(Buffer.buffer()).failed()).isTrue();
    }

    private final class Paid implements Funds {

        private final long bytes;

        private Paid(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public boolean coverBytes(long bytesOut) {
            return bytesOut <= bytes;
        }

        @Override
        public long coverMillis(long millis) {
            return millis;
        }

        @Override
        public void ranOut() {
            events.add("out");
        }
    }

    private static final class Written implements WriteStream<Buffer> {

        private long bytes;

        @Override
        public Future<Void> write(Buffer data) {
            bytes += data.length();
            return Future.succeededFuture();
        }

        @Override
        public void write(Buffer data, Handler<AsyncResult<Void>> handler) {
            write(data).onComplete(handler);
        }

        @Override
        public void end(@Nullable Handler<AsyncResult<Void>> handler) {}

        @Override
        public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
            return this;
        }

        @Override
        public WriteStream<Buffer> setWriteQueueMaxSize(int size) {
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return false;
        }

        @Override
        public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
            return this;
        }
    }
}
