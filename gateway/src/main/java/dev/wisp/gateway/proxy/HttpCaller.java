package dev.wisp.gateway.proxy;

import dev.wisp.contracts.dataplane.CallTrace;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.dataplane.PlainField;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.dataplane.RefusedCall;
import dev.wisp.contracts.dataplane.RequestMethod;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.gateway.admission.Caller;
import dev.wisp.gateway.metric.GatewayMetrics;
import dev.wisp.gateway.proxy.ProblemAnswer.Then;
import dev.wisp.gateway.repeat.RepeatPolicy;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The caller behind one HTTP request; what it does happens on the event loop of the request's connection. */
final class HttpCaller implements Caller {

    private static final long NANOS_PER_MICRO = 1_000;

    private HttpServerRequest request;
    private final UUID id;
    private final ConnectionBook.Entry connection;
    private final Port port;
    private final boolean hasBody;
    private final boolean marked;
    private final long bodyBytes;
    private final long arrivedNanos;
    private boolean continueDue;
    private int storedAttempt;

    /** What callers of one event loop share. */
    record Port(
            Vertx vertx,
            LoopVerticle loop,
            GatewayMetrics metrics,
            LongSupplier nanoClock,
            Consumer<RefusedCall> refusals) {}

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
        this.marked = head.isMarked();
        this.bodyBytes = head.bodyBytes();
        this.continueDue = head.expectsContinue();
        this.arrivedNanos = arrivedNanos;
    }

    /** The request is the gateway's own, made of a stored call: which attempt of it, from 1. */
    void madeOfStored(int attempt) {
        storedAttempt = attempt;
    }

    void began() {
        connection.requestBegan();
        port.metrics().requestBegan();
    }

    @Override
    public void send(NodePort node, Dispatch dispatch, Funds funds, Consumer<ProxyOutcome> done) {
        port.loop().execute(() -> {
            inviteBody();
            keepBody(dispatch.repeatable());
            node.proxy(request, dispatch, funds).onComplete(result -> done.accept(outcome(result)));
        });
    }

    @Override
    public RepeatPolicy.Claim claim() {
        return RepeatPolicy.claim(request.method().name(), marked);
    }

    @Override
    public int storedAttempt() {
        return storedAttempt;
    }

    @Override
    public long bodyBytes() {
        return bodyBytes;
    }

    /** What was read of the request before comes again; what is read now may have to. */
    private void keepBody(boolean repeatable) {
        if (request instanceof KeptRequest kept) {
            kept.again();
        } else if (repeatable) {
            request = new KeptRequest((HttpServerRequestInternal) request, bodyBytes);
        }
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
            trace(problem);
            end(problem.status(), null);
        });
    }

    @Override
    public void over(int status, @Nullable CallTrace trace) {
        port.loop().execute(() -> end(status, trace));
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

    /** Only for who traces the call already: without a field of the caller's, a refused call costs this look for it. */
    private void trace(Problem problem) {
        String traceparent = request.getHeader(PlainField.TRACEPARENT.text());
        if (traceparent != null
                && request.headers().getAll(PlainField.TRACEPARENT.text()).size() == 1) {
            port.refusals()
                    .accept(new RefusedCall(
                            id,
                            RequestMethod.of(request.method().name()),
                            traceparent,
                            problem.status(),
                            problem.code(),
                            (port.nanoClock().getAsLong() - arrivedNanos) / NANOS_PER_MICRO));
        }
    }

    private void end(int status, @Nullable CallTrace trace) {
        if (request.response().headers().contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true)) {
            connection.closing();
        }
        long now = port.nanoClock().getAsLong();
        connection.requestEnded(now);
        port.metrics().requestEnded(request.method().name(), status, now - arrivedNanos, trace);
    }

    /** A node's future does not fail; should it, the caller gets an answer all the same. */
    private ProxyOutcome outcome(AsyncResult<ProxyOutcome> result) {
        if (result.succeeded()) {
            return result.result() instanceof ProxyOutcome.Broken broken && !isWhole()
                    ? answered(Problem.of(ErrorCode.BAD_RESPONSE, broken.detail()))
                    : result.result();
        }
        return answered(Problem.of(
                ErrorCode.NODE_UNREACHABLE, "the node failed: " + result.cause().getMessage()));
    }

    private boolean isWhole() {
        return request instanceof KeptRequest kept && kept.isWhole();
    }

    private ProxyOutcome answered(Problem problem) {
        port.loop().execute(() -> write(problem, 0));
        return new ProxyOutcome.Done(problem.status(), Outcome.PLATFORM_ERROR);
    }
}
