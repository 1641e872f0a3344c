package dev.wisp.gateway.proxy;

import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.gateway.admission.Caller;
import dev.wisp.gateway.metric.GatewayMetrics;
import dev.wisp.gateway.proxy.ProblemAnswer.Then;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The caller behind one HTTP request; what it does happens on the event loop of the request's connection. */
final class HttpCaller implements Caller {

    private final HttpServerRequest request;
    private final UUID id;
    private final ConnectionBook.Entry connection;
    private final Port port;
    private final boolean hasBody;
    private final long arrivedNanos;
    private boolean continueDue;

    /** What callers of one event loop share. */
    record Port(Vertx vertx, LoopVerticle loop, GatewayMetrics metrics, LongSupplier nanoClock) {}

    HttpCaller(
            HttpServerRequest request,
            UUID id,
            ConnectionBook.Entry connection,
            Port port,
            HeadScan head,
            long arrivedNanos) {
        this.request = request;
        this.id = id;
        this.connection = connection;
        this.port = port;
        this.hasBody = head.hasBody();
        this.continueDue = head.expectsContinue();
        this.arrivedNanos = arrivedNanos;
    }

    void began() {
        connection.requestBegan();
        port.metrics().requestBegan();
    }

    @Override
    public void send(NodePort node, Dispatch dispatch, Consumer<ProxyOutcome> done) {
        port.loop().execute(() -> {
            inviteBody();
            node.proxy(request, dispatch).onComplete(result -> done.accept(outcome(result)));
        });
    }

    @Override
    public void held(Runnable gone) {
        port.loop().execute(() -> {
            HttpServerResponse response = request.response();
            if (response.closed()) {
                gone.run();
            } else {
                response.closeHandler(closed -> gone.run());
            }
        });
    }

    @Override
    public void answer(Problem problem, long heldMicros) {
        port.loop().execute(() -> {
            write(problem, heldMicros);
            end(problem.status());
        });
    }

    @Override
    public void over(int status) {
        port.loop().execute(() -> end(status));
    }

    /** The gateway speaks for the workload here: a node reads the body or refuses, it does not ask for it. */
    private void inviteBody() {
        if (continueDue) {
            continueDue = false;
            request.response().writeContinue();
        }
    }

    private void write(Problem problem, long heldMicros) {
        boolean bad = problem.code().equals(ErrorCode.BAD_REQUEST.code());
        Then then = hasBody || bad ? Then.CLOSE : Then.KEEP;
        if (then == Then.CLOSE && request.version() != HttpVersion.HTTP_2) {
            connection.closing();
        }
        ProblemAnswer.write(port.vertx(), request, problem.withInstance(id.toString()), heldMicros, then);
    }

    private void end(int status) {
        if (request.response().headers().contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true)) {
            connection.closing();
        }
        long now = port.nanoClock().getAsLong();
        connection.requestEnded(now);
        port.metrics().requestEnded(status, now - arrivedNanos);
    }

    /** A node's future does not fail; should it, the caller gets an answer all the same. */
    private ProxyOutcome outcome(AsyncResult<ProxyOutcome> result) {
        if (result.succeeded()) {
            return result.result();
        }
        Problem problem = Problem.of(
                ErrorCode.NODE_UNREACHABLE, "the node failed: " + result.cause().getMessage());
        port.loop().execute(() -> write(problem, 0));
        return new ProxyOutcome.Done(problem.status(), Outcome.PLATFORM_ERROR);
    }
}
