package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.CallTrace;
import dev.wisp.contracts.dataplane.PlainHead;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.contracts.invocation.Trigger;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.node.metering.Answer.Closing;
import dev.wisp.node.trace.InvocationTrace;
import dev.wisp.node.trace.TraceFields;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.logging.Log;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through an instance and back, confined to its event loop. It ends once, in {@link #conclude}, whatever comes
 * first: the container's answer, its end, the time limit, or the caller's leaving.
 */
final class Exchange extends Deadlines.Deadline
        implements ContainerListener, Incoming.Receiver, InstanceConnections.Receiver {

    /** How long to wait for the news of a process's end after its connection broke, to tell a crash from a mere hang-up. */
    private static final long EXIT_NEWS_MILLIS = 100;

    private final Incoming incoming;
    private final Invocation invocation;
    private final Answer answer;
    private final ExchangeContext context;
    private final EventLoop eventLoop;
    private final ConnectionPool pool;
    private final InstanceConnections connections;
    private final Consumer<ProxyOutcome> outcome;
    private final long timeoutMillis;
    private final Deadlines deadlines;
    private @Nullable ContainerConnection connection;
    private @Nullable Tunnel tunnel;
    private boolean retried;
    private RequestHead.@Nullable Body framing;
    private boolean sending;
    private boolean bodyTouched;
    private boolean requestRead;
    private boolean started;
    private boolean informed;
    private boolean answering;
    private boolean complete;
    private boolean concluded;
    private long concludedNanos;

    /** {@code outcome} is called once. */
    Exchange(
            Incoming incoming,
            Invocation invocation,
            ExchangeContext context,
            InstanceConnections connections,
            EventLoop eventLoop,
            Consumer<ProxyOutcome> outcome) {
        this.incoming = incoming;
        this.invocation = invocation;
        this.answer = incoming.answer();
        this.context = context;
        this.connections = connections;
        this.eventLoop = eventLoop;
        this.pool = connections.pool(eventLoop);
        this.deadlines = context.deadlines(eventLoop);
        this.outcome = outcome;
        this.timeoutMillis = Math.min(
                Math.max(1, invocation.dispatch().remainingMillis()),
                invocation.instance().revision().timeoutMillis());
    }

    /** Begins; the instance has admitted the request. */
    void run() {
        deadlines.set(this, timeoutMillis);
        incoming.watch(this::callerGone);
        ContainerConnection idle = pool.take();
        if (idle != null) {
            connected(idle);
        } else {
            connections.open(eventLoop, this);
        }
    }

    @Override
    public void connected(ContainerConnection opened) {
        if (concluded) {
            opened.close();
            return;
        }
        started = started || context.journal().started(invocation.standIn());
        if (!started) {
            opened.close();
            refuseForWantOfJournal();
            return;
        }
        connection = opened;
        if (incoming.isPlain()) {
            opened.bindPlain(this, incoming.asks());
        } else {
            opened.bind(this, incoming.asks());
        }
        invocation.begun(context.nanoTime().getAsLong());
        send(opened);
    }

    @Override
    public void refused(String detail) {
        if (concluded) {
            return;
        }
        if (retried) {
            broken();
            return;
        }
        close();
        outcome.accept(new ProxyOutcome.Refused(ProxyOutcome.Why.UNCONNECTED, detail));
    }

    @Override
    public void informed(HttpResponse response) {
        informed = true;
        answer.earlyHints(response);
    }

    @Override
    public void answered(HttpResponse response) {
        answering = true;
        answer.begin(response);
    }

    @Override
    public void answered(PlainHead head) {
        answering = true;
        answer.begin(head);
    }

    @Override
    public void switched(HttpResponse response) {
        ContainerConnection to = connection;
        if (to == null) {
            return;
        }
        answering = true;
        deadlines.lift(this);
        Tunnel opening = new Tunnel(to, invocation, eventLoop, context.nanoTime(), timeoutMillis, this::tunnelEnded);
        tunnel = opening;
        // Nothing is read of the container until there is somebody to give it to.
        to.reading(false);
        answer.switchProtocols(response).onComplete(switched -> {
            if (switched.succeeded() && !concluded) {
                opening.open(switched.result());
                to.reading(true);
            } else {
                opening.end();
            }
        });
    }

    @Override
    public void tunnelled(ByteBuf bytes) {
        if (tunnel != null) {
            tunnel.fromContainer(bytes);
        }
    }

    @Override
    public void received(ByteBuf content) {
        if (!invocation.isPaid(content.readableBytes())) {
            unpaid();
            return;
        }
        ContainerConnection from = connection;
        if (answer.write(content) && from != null) {
            from.reading(false);
            answer.onDrain(() -> from.reading(true));
        }
    }

    @Override
    public void caughtUp() {
        if (tunnel == null) {
            answer.caughtUp();
        }
    }

    @Override
    public void completed(HttpHeaders trailers) {
        complete = true;
        Outcome result = answer.status() >= 500 ? Outcome.ERROR : Outcome.SUCCESS;
        Closing closing = requestRead ? Closing.KEPT : Closing.CLOSED;
        InvocationRecord record = conclude(answer.status(), result);
        if (record != null) {
            answer.end(record, totalMicros(), trailers, closing);
            finish(record, false);
        }
    }

    @Override
    public void writable() {
        if (tunnel != null) {
            tunnel.writable();
            return;
        }
        if (bodyTouched && !requestRead) {
            incoming.resume();
        }
    }

    @Override
    public void garbled(String detail) {
        fail(
                Outcome.ERROR,
                Problem.of(
                        ErrorCode.BAD_RESPONSE, "instance %s of %s: %s".formatted(instanceId(), revision(), detail)));
    }

    @Override
    public void broken() {
        ContainerConnection lost = connection;
        connection = null;
        if (concluded) {
            return;
        }
        if (tunnel != null) {
            tunnel.end();
            return;
        }
        if (lost != null && mayRetry(lost)) {
            retried = true;
            incoming.pause();
            connections.open(eventLoop, this);
            return;
        }
        if (mayHandBack()) {
            handBack();
            return;
        }
        context.crashes()
                .explain(
                        invocation.instance(), EXIT_NEWS_MILLIS, eventLoop, (result, problem) -> fail(result, problem));
    }

    private boolean mayRetry(ContainerConnection lost) {
        return lost.isReused() && !retried && !answering && !bodyTouched && incoming.isIdempotent();
    }

    /** The gateway has all of the request still, and its caller has heard nothing. */
    private boolean mayHandBack() {
        return invocation.dispatch().repeatable() && started && !informed && !answering;
    }

    private void handBack() {
        invocation.dropped(context.nanoTime().getAsLong());
        close();
        context.journal().dropped(invocation.dispatch().invocationId());
        incoming.release();
        outcome.accept(new ProxyOutcome.Broken(
                "instance %s of %s broke off before it answered".formatted(instanceId(), revision())));
    }

    private void send(ContainerConnection to) {
        sending = true;
        if (framing != null) {
            begin(to, framing);
        } else if (!incoming.isBodyUndecided()) {
            begin(to, incoming.body());
        }
        if (!retried) {
            incoming.read(this);
        } else if (requestRead && framing != RequestHead.Body.NONE) {
            incoming.sendEnd(to);
        } else {
            incoming.resume();
        }
        sending = false;
        to.flush();
    }

    private void begin(ContainerConnection to, RequestHead.Body body) {
        framing = body;
        InvocationTrace trace = invocation.trace();
        TraceFields traced = trace == null ? null : trace.fields(invocation.begunMicros());
        incoming.sendHead(to, body, context.now().millis() + timeoutMillis, traced);
    }

    /** In HTTP/2 only the next frame tells whether there is a body, and HTTP/1.1 must know beforehand. */
    @Override
    public void piece(ByteBuf bytes) {
        ContainerConnection to = connection;
        if (to == null || concluded || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        if (framing == null) {
            begin(to, RequestHead.Body.CHUNKED);
        }
        bodyTouched = true;
        invocation.countIn(bytes.readableBytes());
        incoming.sendPiece(to, bytes);
        flush(to);
        if (!to.isWritable()) {
            incoming.pause();
        }
    }

    @Override
    public void ended() {
        requestRead = true;
        ContainerConnection to = connection;
        if (to == null || concluded) {
            return;
        }
        if (framing == null) {
            begin(to, RequestHead.Body.NONE);
        } else if (framing != RequestHead.Body.NONE) {
            incoming.sendEnd(to);
        }
        flush(to);
    }

    /** What is written in one go is flushed in one. */
    private void flush(ContainerConnection to) {
        if (!sending) {
            to.flush();
        }
    }

    @Override
    void passed() {
        fail(
                Outcome.TIMEOUT,
                Problem.of(
                        ErrorCode.REQUEST_TIMEOUT,
                        "instance %s of %s did not finish within %d ms"
                                .formatted(instanceId(), revision(), timeoutMillis)));
    }

    /** Whoever ended it: a tunnel has no other end than that. */
    private void tunnelEnded() {
        InvocationRecord record = conclude(HttpResponseStatus.SWITCHING_PROTOCOLS.code(), Outcome.SUCCESS);
        if (record != null) {
            over(record, false);
        }
    }

    private void callerGone() {
        if (concluded || tunnel != null) {
            return;
        }
        if (!started) {
            // It never reached the container: there is nothing to meter.
            close();
            outcome.accept(new ProxyOutcome.Done(0, Outcome.CLIENT_GONE, 0));
            return;
        }
        InvocationRecord record = conclude(answer.isHeadSent() ? answer.status() : 0, Outcome.CLIENT_GONE);
        if (record != null) {
            finish(record, false);
        }
    }

    /** Its budget has no more for it: what went out is billed, and the caller sees that the answer is not whole. */
    private void unpaid() {
        invocation.ranOut();
        InvocationRecord record = conclude(answer.status(), Outcome.CLIENT_GONE);
        if (record != null) {
            answer.reset();
            finish(record, false);
        }
    }

    private void refuseForWantOfJournal() {
        String why = context.journal().reachesDisk() ? "is full" : "does not reach its disk";
        String detail = "the journal of node %s %s: no invocation can be recorded".formatted(context.nodeId(), why);
        failUnstarted(Outcome.PLATFORM_ERROR, Problem.of(ErrorCode.DISK_FULL, detail));
    }

    /** Nothing reached the container, so nothing is recorded. */
    private void failUnstarted(Outcome result, Problem problem) {
        close();
        answer.problem(problem, null, totalMicros(), Closing.CLOSED);
        outcome.accept(new ProxyOutcome.Done(problem.status(), result, 0));
    }

    /** Ends without the container's whole answer: with a problem if the caller has seen nothing yet, else by breaking off. */
    private void fail(Outcome result, Problem problem) {
        if (concluded) {
            return;
        }
        if (!started) {
            failUnstarted(result, problem);
            return;
        }
        boolean tellable = !answer.isHeadSent();
        int status = tellable ? problem.status() : answer.status();
        InvocationRecord record = conclude(status, result);
        if (record == null) {
            return;
        }
        Closing closing = requestRead ? Closing.KEPT : Closing.CLOSED;
        if (tellable) {
            answer.problem(problem, record, totalMicros(), closing);
        } else {
            answer.reset();
        }
        finish(record, true);
    }

    /**
     * Closes the books, and has the record in the journal before anything more is sent. Null when they are closed already, or when the
     * journal did not take it: then the answer is broken off, for no answer is whole without its record.
     */
    private @Nullable InvocationRecord conclude(int status, Outcome result) {
        if (concluded) {
            return null;
        }
        concludedNanos = context.nanoTime().getAsLong();
        InvocationRecord record = invocation.ended(status, result, concludedNanos);
        close();
        try {
            context.journal().finished(record);
            InvocationTrace trace = invocation.trace();
            if (trace != null) {
                trace.ended(record, totalMicros());
            }
            return record;
        } catch (IllegalStateException e) {
            Log.errorf(e, "invocation was not recorded invocationId=%s", record.invocationId());
            answer.reset();
            outcome.accept(new ProxyOutcome.Done(0, Outcome.PLATFORM_ERROR));
            return null;
        }
    }

    /** Gives back slot and connection, and stops listening. */
    private void close() {
        concluded = true;
        deadlines.lift(this);
        ContainerConnection used = connection;
        connection = null;
        if (used != null) {
            used.reading(true);
            if (complete && requestRead && used.isReusable()) {
                pool.giveBack(used);
            } else {
                used.close();
            }
        }
        invocation.instance().release();
    }

    private void finish(InvocationRecord record, boolean failed) {
        answer.discard();
        if (!requestRead) {
            incoming.discard();
        }
        over(record, failed);
    }

    private void over(InvocationRecord record, boolean failed) {
        InvocationTrace trace = invocation.trace();
        CallTrace example = trace == null ? null : trace.example();
        Trigger trigger = invocation.dispatch().trigger();
        if (example == null) {
            context.metrics().ended(record, trigger);
        } else {
            example.during(() -> context.metrics().ended(record, trigger));
        }
        outcome.accept(new ProxyOutcome.Done(record.status(), record.outcome(), record.costPicos(), failed, example));
    }

    /** All the caller waited for, until the books were closed if they are. */
    private long totalMicros() {
        return invocation.totalMicros(concludedNanos == 0 ? context.nanoTime().getAsLong() : concludedNanos);
    }

    private String instanceId() {
        return invocation.instance().id();
    }

    private String revision() {
        return invocation.instance().revision().id().toString();
    }
}
