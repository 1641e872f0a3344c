package dev.wisp.gateway;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.PlainHead;
import dev.wisp.contracts.dataplane.PlainNodePort;
import dev.wisp.contracts.dataplane.PlainRequest;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.dataplane.StartInstance;
import dev.wisp.contracts.dataplane.StartOutcome;
import dev.wisp.contracts.invocation.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A {@link FakeNode} that takes plain requests itself: it answers with what it understood of each. Thread-safe. */
public final class PlainFakeNode implements PlainNodePort {

    private final FakeNode node;
    private final List<String> served = new CopyOnWriteArrayList<>();
    private volatile boolean answering = true;
    private volatile boolean closing;

    public PlainFakeNode(FakeNode node) {
        this.node = node;
    }

    /** Request lines and bodies of plain requests, in order. */
    public List<String> served() {
        return List.copyOf(served);
    }

    /** What was served so far is not counted. */
    public void forgetServed() {
        served.clear();
    }

    /** Requests from now on are read and not answered. */
    public void keepSilent() {
        answering = false;
    }

    /** Answers from now on are the last of their connections. */
    public void closeAfterAnswers() {
        closing = true;
    }

    @Override
    public String nodeId() {
        return node.nodeId();
    }

    @Override
    public Future<StartOutcome> start(StartInstance command) {
        return node.start(command);
    }

    @Override
    public Future<ProxyOutcome> proxy(HttpServerRequest request, Dispatch dispatch, Funds funds) {
        return node.proxy(request, dispatch, funds);
    }

    @Override
    public void proxy(PlainRequest request, Dispatch dispatch, Funds funds, Consumer<ProxyOutcome> done) {
        if (!node.enter(dispatch)) {
            done.accept(new ProxyOutcome.Refused("instance is gone"));
            return;
        }
        new Serving(request, dispatch, done).begin();
    }

    private final class Serving implements PlainRequest.Listener {

        private final PlainRequest request;
        private final Dispatch dispatch;
        private final Consumer<ProxyOutcome> done;
        private final StringBuilder body = new StringBuilder();

        Serving(PlainRequest request, Dispatch dispatch, Consumer<ProxyOutcome> done) {
            this.request = request;
            this.dispatch = dispatch;
            this.done = done;
        }

        void begin() {
            request.listen(this);
            request.resume();
        }

        @Override
        public void body(ByteBuf piece) {
            body.append(piece.toString(StandardCharsets.ISO_8859_1));
            piece.release();
            if (node.isBreaking(dispatch)) {
                breakOff();
            }
        }

        @Override
        public void bodyEnded() {
            String line = line(request.head());
            if (node.isBreaking(dispatch)) {
                breakOff();
                return;
            }
            served.add(line + body);
            if (answering) {
                answer("200 OK", "served " + line.split(" ")[1]);
            }
        }

        private void breakOff() {
            if (dispatch.repeatable()) {
                request.pause();
                node.leave(dispatch);
                done.accept(new ProxyOutcome.Broken("it broke off"));
            } else {
                answer("502 Bad Gateway", "broken");
            }
        }

        @Override
        public void drained() {}

        @Override
        public void gone() {
            end(0, Outcome.CLIENT_GONE, false);
        }

        private void answer(String status, String text) {
            String close = closing ? "connection: close\r\n" : "";
            request.write(Unpooled.copiedBuffer(
                    "HTTP/1.1 %s\r\n%scontent-length: %d\r\n\r\n%s".formatted(status, close, text.length(), text),
                    StandardCharsets.ISO_8859_1));
            if (closing) {
                request.endClosing();
            } else {
                request.endKept();
            }
            boolean failed = status.startsWith("5");
            end(failed ? 502 : 200, failed ? Outcome.ERROR : Outcome.SUCCESS, failed);
        }

        private void end(int status, Outcome outcome, boolean failed) {
            node.leave(dispatch);
            done.accept(new ProxyOutcome.Done(status, outcome, 0, failed));
        }
    }

    private static String line(PlainHead head) {
        ByteBuf line = Unpooled.buffer();
        head.copyLine(line);
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
