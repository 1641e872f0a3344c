package dev.wisp.gateway.proxy;

import dev.wisp.contracts.dataplane.CallTrace;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.Funds;
import dev.wisp.contracts.dataplane.NodePort;
import dev.wisp.contracts.dataplane.PlainHead;
import dev.wisp.contracts.dataplane.PlainNodePort;
import dev.wisp.contracts.dataplane.PlainRequest;
import dev.wisp.contracts.dataplane.ProxyOutcome;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.gateway.admission.Caller;
import dev.wisp.gateway.admission.RevisionDesk;
import dev.wisp.gateway.repeat.RepeatPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands before Vert.x in the pipeline of a caller's connection. A request whose head is plain, for which an instance on a node of this
 * process has a free slot or gets one, goes to that node as bytes and its answer comes back as bytes; Vert.x never hears of it. Whatever
 * else comes up is Vert.x's: a plain request that the gateway has to answer or that goes to another host is handed over as if it had
 * just arrived, with what was decided about it, and the gate waits for its end; after anything that is not plain the gate leaves. It
 * refuses nothing itself. Confined to the connection's event loop; {@code docs/request-path.md} tells the whole.
 */
final class PlainGate extends ChannelInboundHandlerAdapter implements PlainRequest, Caller {

    /** A head that is not complete after so many reads is no common case. */
    private static final int READS_OF_ONE_HEAD_MAX = 4;

    private enum State {
        /** The next bytes are a head. */
        BETWEEN,
        /** Its request waits for an instance. */
        HELD,
        /** Its request is with a node. */
        WITH_NODE,
        /** Its request is with Vert.x. */
        WITH_VERTX,
        /** The last answer is on its way. */
        CLOSING,
        LEFT
    }

    private final PlainEntry entry;
    private final PlainHead head = new PlainHead();
    private @Nullable ChannelHandlerContext context;
    private State state = State.BETWEEN;
    private final KeptBytes kept = new KeptBytes();
    private int readsOfHead;
    private boolean bodyTold;
    private boolean bodyAsked;
    private boolean answered;
    private boolean pumping;
    private boolean passedOn;
    private @Nullable Listener listener;
    private @Nullable Runnable goneWhileHeld;
    private @Nullable Caller inVertx;
    private ConnectionBook.@Nullable Entry connection;
    private @Nullable Object attachment;
    private UUID id = new UUID(0, 0);
    private long arrivedNanos;

    PlainGate(PlainEntry entry) {
        this.entry = entry;
    }

    /** Whether a request came through it: then its connection is in the book, though Vert.x may not have told of it. */
    boolean isUsed() {
        return connection != null;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        if (state == State.LEFT || !(message instanceof ByteBuf bytes)) {
            reading.fireChannelRead(message);
        } else if (state == State.CLOSING) {
            bytes.release();
        } else {
            kept.add(reading.alloc(), bytes);
            readsOfHead++;
            pump();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext reading) {
        if (state == State.WITH_VERTX || state == State.LEFT) {
            reading.fireChannelReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        if (state == State.WITH_NODE && listener != null && isWritable()) {
            listener.drained();
        }
        changed.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext closed) {
        State before = state;
        state = before == State.WITH_VERTX ? before : State.CLOSING;
        kept.drop();
        if (before == State.WITH_NODE && listener != null) {
            listener.gone();
        } else if (before == State.HELD && goneWhileHeld != null) {
            goneWhileHeld.run();
        }
        closed.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext broken, Throwable cause) {
        if (state == State.WITH_VERTX || state == State.LEFT) {
            broken.fireExceptionCaught(cause);
        } else {
            broken.close();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        kept.drop();
    }

    // ---- The caller, as admission knows it ----

    @Override
    public void send(NodePort node, Dispatch dispatch, Funds funds, Consumer<ProxyOutcome> done) {
        if (inVertx == null && node instanceof PlainNodePort plain) {
            state = State.WITH_NODE;
            bodyAsked = false;
            bodyTold = false;
            kept.bodyAgain(context().alloc(), dispatch.repeatable());
            plain.proxy(this, dispatch, funds, done);
        } else {
            inVertx().send(node, dispatch, funds, done);
        }
    }

    @Override
    public RepeatPolicy.Claim claim() {
        return PlainEntry.claim(head);
    }

    @Override
    public long bodyBytes() {
        return Math.max(0, head.contentLength());
    }

    @Override
    public void held(Runnable gone) {
        if (inVertx != null) {
            inVertx.held(gone);
        } else if (state == State.CLOSING) {
            gone.run();
        } else {
            // No node has it any more, should one have had it.
            listener = null;
            goneWhileHeld = gone;
            state = State.HELD;
        }
    }

    @Override
    public void answer(Problem problem, long heldMicros) {
        inVertx().answer(problem, heldMicros);
    }

    @Override
    public void over(int status, @Nullable CallTrace trace) {
        if (inVertx != null) {
            inVertx.over(status, trace);
            return;
        }
        listener = null;
        kept.bodyEnded();
        if (state == State.WITH_NODE) {
            finish();
        }
        end(status, trace);
        pump();
    }

    /** Vert.x tells of the request that was handed over to it. */
    void handedOver(Caller caller) {
        inVertx = caller;
    }

    /** Nothing is under way on the connection. */
    void idle() {
        if (state == State.WITH_VERTX) {
            answered = true;
            pump();
        }
    }

    UUID id() {
        return id;
    }

    long arrivedNanos() {
        return arrivedNanos;
    }

    // ---- The request, as a node knows it ----

    @Override
    public PlainHead head() {
        return head;
    }

    @Override
    public EventLoop eventLoop() {
        return context().channel().eventLoop();
    }

    @Override
    public String remoteHost() {
        ConnectionBook.Entry known = connection;
        return known == null ? "" : known.remoteHost();
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(Object keep) {
        attachment = keep;
    }

    @Override
    public void listen(Listener hearing) {
        listener = hearing;
    }

    @Override
    public void pause() {
        bodyAsked = false;
    }

    @Override
    public void resume() {
        bodyAsked = true;
        pump();
    }

    @Override
    public void write(ByteBuf bytes) {
        context().write(bytes, context().voidPromise());
    }

    @Override
    public void flush() {
        context().flush();
    }

    @Override
    public boolean isWritable() {
        return context().channel().isWritable();
    }

    @Override
    public void endKept() {
        flush();
        answered = true;
    }

    @Override
    public void endClosing() {
        state = State.CLOSING;
        kept.drop();
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void reset() {
        state = State.CLOSING;
        context().close();
    }

    // ---- What comes in ----

    /** Not re-entered: an answer may come at once, and the next request with it. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (isStepMade()) {
                // Each step makes less of what is kept, or changes the state.
            }
        } finally {
            pumping = false;
        }
        if (passedOn) {
            passedOn = false;
            context().fireChannelReadComplete();
        }
        settle();
    }

    private boolean isStepMade() {
        return switch (state) {
            case BETWEEN -> kept.isReadable() && isHeadTaken();
            case WITH_NODE -> bodyAsked && isBodyTold();
            case WITH_VERTX -> isBodyPassedOn() || isVertxDone();
            case HELD, CLOSING, LEFT -> false;
        };
    }

    private boolean isHeadTaken() {
        PlainHead.Verdict verdict = head.readRequest(kept.bytes());
        if (verdict == PlainHead.Verdict.INCOMPLETE && readsOfHead < READS_OF_ONE_HEAD_MAX) {
            return false;
        }
        if (verdict != PlainHead.Verdict.PLAIN || !entry.isWithinBounds(head)) {
            leave();
            return false;
        }
        readsOfHead = 0;
        begin();
        return true;
    }

    private void begin() {
        kept.skip(head.length());
        kept.bodyBegins(bodyBytes());
        bodyTold = false;
        answered = false;
        inVertx = null;
        arrivedNanos = entry.nanos();
        ConnectionBook.Entry known = connection;
        if (known == null) {
            known = entry.opened(context().channel());
            if (known == null) {
                state = State.CLOSING;
                return;
            }
            known.behind(this);
            connection = known;
        }
        RevisionDesk desk = entry.find(head);
        if (desk == null) {
            passHeadOn();
            return;
        }
        id = entry.newId();
        entry.began(known);
        desk.admit(entry.exchange(this, head));
    }

    private boolean isBodyTold() {
        Listener hearing = listener;
        if (hearing == null) {
            return false;
        }
        if (kept.bodyLeft() == 0) {
            if (bodyTold) {
                return false;
            }
            bodyTold = true;
            hearing.bodyEnded();
            return true;
        }
        if (!kept.isReadable()) {
            return false;
        }
        hearing.body(kept.takeBody());
        return true;
    }

    private boolean isBodyPassedOn() {
        if (kept.bodyLeft() == 0 || !kept.isReadable()) {
            return false;
        }
        passedOn = true;
        context().fireChannelRead(kept.takeBody());
        return true;
    }

    private boolean isVertxDone() {
        if (!answered) {
            return false;
        }
        ConnectionBook.Entry known = connection;
        if (kept.bodyLeft() > 0 || known == null || known.isClosing()) {
            // What follows on the connection belongs to this request, or to nobody.
            leave();
            return false;
        }
        inVertx = null;
        readsOfHead = 0;
        state = State.BETWEEN;
        return true;
    }

    /** What was read and is used up is freed. */
    private void settle() {
        kept.dropUsed();
        if (state == State.LEFT || (state == State.WITH_VERTX && kept.bodyLeft() > 0)) {
            return;
        }
        kept.boundReading(context().channel().config());
    }

    // ---- What is Vert.x's ----

    /** The caller that speaks through Vert.x, to which the request is handed over if that was not done yet. */
    private Caller inVertx() {
        Caller known = inVertx;
        if (known != null) {
            return known;
        }
        ConnectionBook.Entry here = connection;
        if (here == null) {
            throw new IllegalStateException("no request is under way");
        }
        listener = null;
        kept.bodyAgain(context().alloc(), false);
        if (context().channel().isActive()) {
            here.handOver(this);
            passHeadOn();
            here.takeHandedOver();
        }
        known = inVertx;
        if (known == null) {
            known = inVertx = new LostCaller(status -> end(status, null));
        }
        pump();
        return known;
    }

    private void passHeadOn() {
        state = State.WITH_VERTX;
        ByteBuf bytes = context().alloc().buffer(head.length());
        head.copyAll(bytes);
        passedOn = true;
        context().fireChannelRead(bytes);
    }

    private void leave() {
        state = State.LEFT;
        if (connection != null) {
            connection.behind(null);
        }
        ChannelHandlerContext here = context();
        ByteBuf rest = kept.takeAll();
        if (!here.channel().config().isAutoRead()) {
            here.channel().config().setAutoRead(true);
        }
        here.fireChannelRead(rest);
        here.fireChannelReadComplete();
        // When it changes to HTTP/2, Vert.x has removed whatever is not HTTP/2's.
        if (!here.isRemoved()) {
            here.pipeline().remove(this);
        }
    }

    private void finish() {
        if (answered && kept.bodyLeft() == 0) {
            state = State.BETWEEN;
            readsOfHead = 0;
        } else {
            reset();
        }
    }

    private void end(int status, @Nullable CallTrace trace) {
        ConnectionBook.Entry known = connection;
        if (known != null) {
            entry.ended(known, head.method(), status, arrivedNanos, trace);
        }
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext added = context;
        if (added == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return added;
    }
}
