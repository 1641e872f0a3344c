package dev.wisp.node.metering;

import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.dataplane.PlainHead;
import dev.wisp.contracts.dataplane.WispHeaders;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.price.Money;
import dev.wisp.contracts.problem.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An answer through Vert.x, to any request. Confined to its event loop. */
final class HttpAnswer implements Answer {

    /** Tells a gateway on another host that the container did not answer. */
    static final String FAILED = "x-wisp-failed";

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Invocation invocation;
    private final boolean toGateway;
    private @Nullable HttpResponse head;
    private Buffer held = Buffer.buffer();

    /** {@code toGateway}: through a gateway, and not to the caller itself. */
    HttpAnswer(HttpServerRequest request, Invocation invocation, boolean toGateway) {
        this.toGateway = toGateway;
        this.request = request;
        this.response = request.response();
        this.invocation = invocation;
    }

    @Override
    public boolean isHeadSent() {
        return response.headWritten();
    }

    @Override
    public int status() {
        return head == null ? 0 : head.status().code();
    }

    @Override
    public void earlyHints(HttpResponse informational) {
        MultiMap hints = MultiMap.caseInsensitiveMultiMap();
        informational.headers().getAll("link").forEach(link -> hints.add("link", link));
        if (!hints.isEmpty() && request.version() != HttpVersion.HTTP_1_0) {
            response.writeEarlyHints(hints);
        }
    }

    @Override
    public void begin(HttpResponse containerHead) {
        head = containerHead;
    }

    @Override
    public Future<NetSocket> switchProtocols(HttpResponse containerHead) {
        head = containerHead;
        sendHead(containerHead, Closing.KEPT);
        response.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        response.putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        String protocol = containerHead.headers().get(HttpHeaderNames.UPGRADE);
        if (protocol != null) {
            response.putHeader(HttpHeaderNames.UPGRADE, protocol);
        }
        return request.toNetSocket();
    }

    @Override
    public void begin(PlainHead containerHead) {
        throw new IllegalStateException("only asked for by a plain request");
    }

    @Override
    public boolean write(ByteBuf content) {
        invocation.countOut(content.readableBytes());
        Buffer bytes = Buffer.buffer(ByteBufUtil.getBytes(content));
        if (!isHeadSent() && held.length() + bytes.length() <= HELD_BYTES_MAX) {
            held.appendBuffer(bytes);
            return false;
        }
        stream();
        response.write(bytes);
        return response.writeQueueFull();
    }

    @Override
    public void caughtUp() {
        if (head != null && !isHeadSent() && !isKnownShort(head)) {
            stream();
        }
    }

    @Override
    public void onDrain(Runnable resume) {
        response.drainHandler(ready -> resume.run());
    }

    @Override
    public void end(InvocationRecord record, long totalMicros, HttpHeaders trailers, Closing closing) {
        if (isHeadSent()) {
            endStreamed(record, totalMicros, trailers, closing);
            return;
        }
        sendHead(head, closing);
        putFigures(record, totalMicros);
        boolean announcesOnly = request.method().equals(HttpMethod.HEAD) || status() == 304;
        if (status() == 204) {
            response.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        } else if (!announcesOnly) {
            response.putHeader(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(held.length()));
        }
        closeAfter(held.length() == 0 ? response.end() : response.end(held), closing);
    }

    @Override
    public void problem(Problem problem, @Nullable InvocationRecord record, long totalMicros, Closing closing) {
        response.headers().clear();
        response.setStatusCode(problem.status()).putHeader(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE);
        putIdentity(closing);
        if (record != null) {
            putFigures(record, totalMicros);
            if (toGateway) {
                response.putHeader(FAILED, "1");
            }
        }
        Problem told = problem.withInstance(invocation.dispatch().invocationId().toString());
        closeAfter(response.end(Buffer.buffer(WireJson.write(told))), closing);
    }

    @Override
    public void reset() {
        response.reset();
    }

    @Override
    public void discard() {
        held = Buffer.buffer();
    }

    private static boolean isKnownShort(HttpResponse known) {
        String length = known.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        // The decoder has checked that it is a number.
        return length != null && length.length() <= 5 && Integer.parseInt(length) <= HELD_BYTES_MAX;
    }

    private void stream() {
        if (isHeadSent()) {
            return;
        }
        sendHead(head, Closing.KEPT);
        if (request.version() != HttpVersion.HTTP_1_0) {
            response.setChunked(true);
            response.putHeader(HttpHeaderNames.TRAILER, TRAILERS);
        }
        if (request.version() == HttpVersion.HTTP_1_1) {
            response.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        response.write(held);
        held = Buffer.buffer();
    }

    private void sendHead(@Nullable HttpResponse known, Closing closing) {
        if (known == null) {
            throw new IllegalStateException("the container has not answered");
        }
        HttpResponseStatus status = known.status();
        response.setStatusCode(status.code());
        if (request.version() != HttpVersion.HTTP_2) {
            response.setStatusMessage(status.reasonPhrase());
        }
        Set<String> dropped = HeaderPolicy.droppedFromResponse(known.headers().getAll(HttpHeaderNames.CONNECTION));
        for (Map.Entry<String, String> header : known.headers()) {
            if (!dropped.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                response.headers().add(header.getKey(), header.getValue());
            }
        }
        putIdentity(closing);
        response.putHeader(WispHeaders.SERVER_TIMING, TimingText.waited(invocation.dispatch()));
    }

    private void putIdentity(Closing closing) {
        response.putHeader(
                WispHeaders.INVOCATION_ID, invocation.dispatch().invocationId().toString());
        response.putHeader(
                WispHeaders.REVISION, invocation.instance().revision().id().name());
        response.putHeader(
                WispHeaders.COLD_START, Boolean.toString(invocation.dispatch().cold() != null));
        if (closing == Closing.CLOSED && request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaderNames.CONNECTION, "close");
        }
    }

    private void putFigures(InvocationRecord record, long totalMicros) {
        response.putHeader(WispHeaders.BILLED_DURATION, Long.toString(record.billedMillis()));
        response.putHeader(WispHeaders.CPU_TIME, Long.toString(record.cpuMicros()));
        response.putHeader(WispHeaders.COST, cost(record));
        response.putHeader(
                WispHeaders.SERVER_TIMING,
                TimingText.waited(invocation.dispatch()) + ", " + TimingText.ran(record.appMicros(), totalMicros));
    }

    private void endStreamed(InvocationRecord record, long totalMicros, HttpHeaders trailers, Closing closing) {
        if (request.version() != HttpVersion.HTTP_1_0) {
            trailers.forEach(trailer -> {
                if (HeaderPolicy.isTrailerPassed(trailer.getKey())) {
                    response.putTrailer(trailer.getKey(), trailer.getValue());
                }
            });
            response.putTrailer(WispHeaders.BILLED_DURATION, Long.toString(record.billedMillis()));
            response.putTrailer(WispHeaders.CPU_TIME, Long.toString(record.cpuMicros()));
            response.putTrailer(WispHeaders.COST, cost(record));
            response.putTrailer(WispHeaders.SERVER_TIMING, TimingText.ran(record.appMicros(), totalMicros));
        }
        closeAfter(response.end(), closing);
    }

    /** In HTTP/1.1 a request that was not read to its end leaves no way to find the next one. */
    private void closeAfter(Future<Void> sent, Closing closing) {
        if (closing == Closing.CLOSED && request.version() != HttpVersion.HTTP_2) {
            sent.onComplete(done -> request.connection().close());
        }
    }

    private String cost(InvocationRecord record) {
        return Money.decimal(record.costPicos()) + " " + invocation.prices().currency();
    }
}
