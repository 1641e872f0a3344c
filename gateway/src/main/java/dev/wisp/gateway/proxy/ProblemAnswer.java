package dev.wisp.gateway.proxy;

import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.dataplane.WispHeaders;
import dev.wisp.contracts.problem.Problem;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;

/** Writes a problem document as the whole answer to a request. */
final class ProblemAnswer {

    /** After an answer that came before the body was read, this much of it is still taken, so that the answer is not lost to a reset. */
    private static final long DRAIN_BYTES_MAX = 1 << 20;

    private static final long DRAIN_MILLIS_MAX = 2_000;
    private static final String RETRY_AFTER_SECONDS = "1";
    private static final long NO_ERROR = 0;

    private ProblemAnswer() {}

    /** Ends the response and, where that is asked for, the HTTP/1 connection or HTTP/2 stream with it. */
    static void write(Vertx vertx, HttpServerRequest request, Problem problem, long heldMicros, Then then) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed() || response.headWritten()) {
            return;
        }
        response.setStatusCode(problem.status());
        response.putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        String instance = problem.instance();
        if (instance != null) {
            response.putHeader(WispHeaders.INVOCATION_ID, instance);
        }
        response.putHeader(WispHeaders.SERVER_TIMING, serverTiming(heldMicros));
        if (problem.status() == HttpResponseStatus.SERVICE_UNAVAILABLE.code()
                || problem.status() == HttpResponseStatus.TOO_MANY_REQUESTS.code()) {
            response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        Buffer json = Buffer.buffer(WireJson.write(problem));
        if (then == Then.KEEP) {
            request.resume();
            response.end(json);
        } else if (request.version() == HttpVersion.HTTP_2) {
            response.end(json).onComplete(sent -> response.reset(NO_ERROR));
        } else {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            response.end(json);
            drain(vertx, request);
        }
    }

    /** What becomes of the connection after the answer. */
    enum Then {
        /** The request was read whole: the next one may follow. */
        KEEP,
        /** A body was not read, or nobody can be sure where the request ends. */
        CLOSE
    }

    private static String serverTiming(long heldMicros) {
        return String.format(Locale.ROOT, "queue;dur=%d.%03d", heldMicros / 1000, heldMicros % 1000);
    }

    private static void drain(Vertx vertx, HttpServerRequest request) {
        long[] drained = {0};
        long timer = vertx.setTimer(DRAIN_MILLIS_MAX, id -> request.connection().close());
        request.exceptionHandler(broken -> vertx.cancelTimer(timer));
        request.endHandler(ended -> {
            vertx.cancelTimer(timer);
            request.connection().close();
        });
        request.handler(chunk -> {
            drained[0] += chunk.length();
            if (drained[0] > DRAIN_BYTES_MAX) {
                request.connection().close();
            }
        });
        request.resume();
    }
}
