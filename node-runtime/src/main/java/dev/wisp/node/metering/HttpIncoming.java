package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.PlainField;
import dev.wisp.node.trace.TraceFields;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request through Vert.x, of any kind. */
final class HttpIncoming implements Incoming {

    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private final HttpServerRequest request;
    private final Dispatch dispatch;
    private final HttpAnswer answer;
    private final boolean trustForwarding;

    HttpIncoming(HttpServerRequest request, Invocation invocation, ExchangeContext context) {
        this.request = request;
        this.dispatch = invocation.dispatch();
        this.answer = new HttpAnswer(request, invocation, context.trustForwarding());
        this.trustForwarding = context.trustForwarding();
    }

    @Override
    public void watch(Runnable gone) {
        request.exceptionHandler(broken -> gone.run());
        request.response().exceptionHandler(broken -> gone.run());
        request.response().closeHandler(closed -> gone.run());
    }

    @Override
    public Answer answer() {
        return answer;
    }

    @Override
    public boolean isPlain() {
        return false;
    }

    @Override
    public ContainerConnection.Asks asks() {
        if (RequestHead.upgrade(request) == UpgradePolicy.Verdict.ASK) {
            return ContainerConnection.Asks.UPGRADE;
        }
        return request.method().equals(HttpMethod.HEAD) ? ContainerConnection.Asks.HEAD : ContainerConnection.Asks.BODY;
    }

    @Override
    public boolean isIdempotent() {
        return IDEMPOTENT.contains(request.method());
    }

    @Override
    public boolean isBodyUndecided() {
        return RequestHead.isBodyUndecided(request) && !request.isEnded();
    }

    @Override
    public RequestHead.Body body() {
        return RequestHead.isBodyUndecided(request) ? RequestHead.Body.NONE : RequestHead.body(request);
    }

    @Override
    public void sendHead(
            ContainerConnection to, RequestHead.Body framing, long deadlineMillis, @Nullable TraceFields trace) {
        HttpRequest head = RequestHead.build(request, dispatch, framing, trustForwarding, deadlineMillis);
        if (trace != null) {
            head.headers().set(PlainField.TRACEPARENT.text(), trace.traceparent());
            if (!trace.isContinued()) {
                head.headers().remove(PlainField.TRACESTATE.text());
            }
        }
        to.write(head);
        if (framing == RequestHead.Body.NONE) {
            to.write(LastHttpContent.EMPTY_LAST_CONTENT);
        } else if (request.headers().contains("expect", "100-continue", true)) {
            request.response().writeContinue();
        }
    }

    @Override
    public void sendPiece(ContainerConnection to, ByteBuf bytes) {
        to.write(new DefaultHttpContent(bytes));
    }

    @Override
    public void sendEnd(ContainerConnection to) {
        to.write(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    @Override
    @SuppressWarnings("deprecation") // Vert.x 4 has no other way to a buffer's bytes without a copy.
    public void read(Receiver receiver) {
        request.handler(chunk -> receiver.piece(chunk.getByteBuf()));
        request.endHandler(end -> receiver.ended());
        request.resume();
    }

    @Override
    public void pause() {
        request.pause();
    }

    @Override
    public void resume() {
        request.resume();
    }

    /** Whoever has it now reads on; one that has ended cannot even be paused. */
    @Override
    public void release() {
        request.handler(null).endHandler(null);
    }

    /** It is read and dropped until the connection is closed. */
    @Override
    public void discard() {
        request.handler(null).endHandler(null).resume();
    }
}
