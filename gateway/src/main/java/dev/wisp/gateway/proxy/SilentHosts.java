package dev.wisp.gateway.proxy;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;

/**
 * Notices that the host at the other end of an HTTP/2 connection is gone without a word: TCP waits for minutes, and all calls to a node share few connections. A connection on which so many pings in a
 * row stay without an answer is closed, whereby its calls fail and new ones are tried elsewhere.
 */
final class SilentHosts implements Handler<HttpConnection> {

    private static final long PERIOD_MILLIS = 1_000;

    /** As many as heartbeats that a node may miss. */
    private static final int UNANSWERED_MAX = 3;

    private static final int PING_BYTES = 8;

    private final Vertx vertx;

    SilentHosts(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Watches a connection for as long as it lives; on its event loop. */
    @Override
    public void handle(HttpConnection connection) {
        new Watch(connection).begin();
    }

    private final class Watch {

        private final HttpConnection connection;
        private long timer;
        private int unanswered;

        Watch(HttpConnection connection) {
            this.connection = connection;
        }

        void begin() {
            timer = vertx.setPeriodic(PERIOD_MILLIS, due -> ping());
            connection.closeHandler(closed -> vertx.cancelTimer(timer));
        }

        private void ping() {
            if (unanswered >= UNANSWERED_MAX) {
                vertx.cancelTimer(timer);
                connection.close();
                return;
            }
            unanswered++;
            connection.ping(Buffer.buffer(new byte[PING_BYTES])).onSuccess(answer -> unanswered = 0);
        }
    }
}
