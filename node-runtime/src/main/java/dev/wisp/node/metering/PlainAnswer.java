package dev.wisp.node.metering;

import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.PlainField;
import dev.wisp.contracts.dataplane.PlainHead;
import dev.wisp.contracts.dataplane.PlainRequest;
import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.problem.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An answer to a plain request, as bytes: the container's head goes on as it came, less what is dropped. Confined to its event loop. */
final class PlainAnswer implements Answer {

    private static final Set<PlainField> DROPPED = dropped();
    private static final int ADDED_BYTES = 512;

    /** A body no longer than this goes into the head's buffer: a second buffer would cost the system call more than the copy. */
    private static final int JOINED_BYTES_MAX = 256;

    private static final byte[] LINE_END = {'\r', '\n'};

    private final PlainRequest request;
    private final Invocation invocation;
    private @Nullable ByteBuf head;
    private @Nullable ByteBuf held;
    private boolean heldCopied;
    private int status;
    private long announced = -1;
    private boolean headSent;
    private boolean over;
    private @Nullable Runnable resume;

    PlainAnswer(PlainRequest request, Invocation invocation) {
        this.request = request;
        this.invocation = invocation;
    }

    @Override
    public boolean isHeadSent() {
        return headSent;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public void earlyHints(HttpResponse informational) {
        List<String> links = informational.headers().getAll("link");
        if (links.isEmpty()) {
            return;
        }
        ByteBuf out = buffer(ADDED_BYTES);
        Ascii.text(out, "HTTP/1.1 103 Early Hints\r\n");
        links.forEach(link -> field(out, "link", link));
        Ascii.text(out, "\r\n");
        request.write(out);
        request.flush();
    }

    @Override
    public void begin(PlainHead containerHead) {
        status = containerHead.status();
        announced = containerHead.contentLength();
        ByteBuf out = buffer(containerHead.length());
        containerHead.copyLine(out);
        containerHead.copyFields(out, DROPPED);
        head = out;
    }

    @Override
    public void begin(HttpResponse containerHead) {
        status = containerHead.status().code();
        String length = containerHead.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        // The decoder has checked that it is a number.
        announced = length == null ? -1 : Long.parseLong(length);
        ByteBuf out = buffer(ADDED_BYTES);
        statusLine(out, containerHead.status());
        Set<String> dropped =
                HeaderPolicy.droppedFromResponse(containerHead.headers().getAll(HttpHeaderNames.CONNECTION));
        for (Map.Entry<String, String> field : containerHead.headers()) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!dropped.contains(name) && !name.equals(PlainField.CONTENT_LENGTH.text())) {
                field(out, field.getKey(), field.getValue());
            }
        }
        head = out;
    }

    @Override
    public Future<NetSocket> switchProtocols(HttpResponse containerHead) {
        throw new IllegalStateException("a plain request does not ask for another protocol");
    }

    @Override
    public boolean write(ByteBuf content) {
        int bytes = content.readableBytes();
        invocation.countOut(bytes);
        if (over) {
            return false;
        }
        if (!headSent && heldBytes() + bytes <= HELD_BYTES_MAX) {
            hold(content);
            return false;
        }
        stream();
        chunk(content.retainedSlice());
        request.flush();
        return !request.isWritable();
    }

    @Override
    public void caughtUp() {
        boolean knownShort = announced >= 0 && announced <= HELD_BYTES_MAX;
        if (head != null && !headSent && !knownShort) {
            stream();
            request.flush();
        }
    }

    @Override
    public void onDrain(Runnable ready) {
        resume = ready;
    }

    void drained() {
        Runnable waiting = resume;
        resume = null;
        if (waiting != null) {
            waiting.run();
        }
    }

    @Override
    public void end(InvocationRecord record, long totalMicros, HttpHeaders trailers, Closing closing) {
        if (over) {
            return;
        }
        if (headSent) {
            request.write(trailers(record, totalMicros, trailers));
        } else {
            request.write(whole(record, totalMicros, closing));
            if (held != null) {
                request.write(held);
                held = null;
            }
        }
        close(closing);
    }

    @Override
    public void problem(Problem problem, @Nullable InvocationRecord record, long totalMicros, Closing closing) {
        if (over) {
            return;
        }
        Problem told = problem.withInstance(invocation.dispatch().invocationId().toString());
        byte[] json = WireJson.write(told);
        ByteBuf out = buffer(ADDED_BYTES + json.length);
        statusLine(out, HttpResponseStatus.valueOf(problem.status()));
        field(out, "content-type", Problem.MEDIA_TYPE);
        identity(out, closing);
        if (record != null) {
            figures(out, record);
            timing(out, record, totalMicros);
        }
        length(out, json.length);
        Ascii.text(out, "\r\n");
        request.write(out.writeBytes(json));
        close(closing);
    }

    @Override
    public void reset() {
        over = true;
        discard();
        request.reset();
    }

    @Override
    public void discard() {
        if (head != null) {
            head.release();
            head = null;
        }
        if (held != null) {
            held.release();
            held = null;
        }
    }

    private void close(Closing closing) {
        over = true;
        if (closing == Closing.KEPT) {
            request.endKept();
        } else {
            request.endClosing();
        }
    }

    // ---- An answer that is held until it is complete ----

    private int heldBytes() {
        return held == null ? 0 : held.readableBytes();
    }

    /** What came in one piece is kept as it is; more pieces are gathered in one buffer, since each holds all that was read with it. */
    private void hold(ByteBuf content) {
        ByteBuf before = held;
        if (before == null) {
            held = content.retainedSlice();
            return;
        }
        if (heldCopied) {
            before.writeBytes(content);
            return;
        }
        ByteBuf gathered = buffer(before.readableBytes() + content.readableBytes());
        gathered.writeBytes(before).writeBytes(content);
        before.release();
        held = gathered;
        heldCopied = true;
    }

    private ByteBuf whole(InvocationRecord record, long totalMicros, Closing closing) {
        ByteBuf out = takeHead();
        identity(out, closing);
        figures(out, record);
        timing(out, record, totalMicros);
        boolean announcesOnly = status == HttpResponseStatus.NOT_MODIFIED.code()
                || request.head().method().equals("HEAD");
        if (!announcesOnly && status != HttpResponseStatus.NO_CONTENT.code()) {
            length(out, heldBytes());
        } else if (announcesOnly && announced >= 0) {
            length(out, announced);
        }
        Ascii.text(out, "\r\n");
        ByteBuf body = held;
        if (body != null && body.readableBytes() <= JOINED_BYTES_MAX) {
            out.writeBytes(body);
            body.release();
            held = null;
        }
        return out;
    }

    private ByteBuf takeHead() {
        ByteBuf known = head;
        if (known == null) {
            throw new IllegalStateException("the container has not answered");
        }
        head = null;
        return known;
    }

    // ---- An answer that is streamed ----

    private void stream() {
        if (headSent) {
            return;
        }
        headSent = true;
        ByteBuf out = takeHead();
        identity(out, Closing.KEPT);
        Ascii.text(out, "server-timing: ");
        waited(out);
        Ascii.text(out, "\r\ntrailer: ");
        Ascii.text(out, TRAILERS);
        Ascii.text(out, "\r\ntransfer-encoding: chunked\r\n\r\n");
        request.write(out);
        if (held != null) {
            chunk(held);
            held = null;
        }
    }

    private void chunk(ByteBuf content) {
        int bytes = content.readableBytes();
        if (bytes == 0) {
            content.release();
            return;
        }
        ByteBuf size = buffer(16);
        Ascii.text(size, Integer.toHexString(bytes));
        Ascii.text(size, "\r\n");
        request.write(size);
        request.write(content);
        request.write(Unpooled.wrappedBuffer(LINE_END));
    }

    private ByteBuf trailers(InvocationRecord record, long totalMicros, HttpHeaders trailers) {
        ByteBuf out = buffer(ADDED_BYTES);
        Ascii.text(out, "0\r\n");
        for (Map.Entry<String, String> trailer : trailers) {
            if (HeaderPolicy.isTrailerPassed(trailer.getKey())) {
                field(out, trailer.getKey(), trailer.getValue());
            }
        }
        figures(out, record);
        Ascii.text(out, "server-timing: ");
        ran(out, record, totalMicros);
        Ascii.text(out, "\r\n\r\n");
        return out;
    }

    // ---- Fields ----

    private void identity(ByteBuf out, Closing closing) {
        Ascii.text(out, "x-invocation-id: ");
        Ascii.uuid(out, invocation.dispatch().invocationId());
        Ascii.text(out, "\r\nx-revision: ");
        Ascii.text(out, invocation.instance().revision().id().name());
        Ascii.text(
                out,
                invocation.dispatch().cold() == null ? "\r\nx-cold-start: false\r\n" : "\r\nx-cold-start: true\r\n");
        if (closing == Closing.CLOSED) {
            Ascii.text(out, "connection: close\r\n");
        }
    }

    private void figures(ByteBuf out, InvocationRecord record) {
        Ascii.text(out, "x-billed-duration-ms: ");
        Ascii.decimal(out, record.billedMillis());
        Ascii.text(out, "\r\nx-cpu-time-us: ");
        Ascii.decimal(out, record.cpuMicros());
        Ascii.text(out, "\r\nx-cost: ");
        Ascii.picos(out, record.costPicos());
        Ascii.text(out, " ");
        Ascii.text(out, invocation.prices().currency());
        Ascii.text(out, "\r\n");
    }

    private void timing(ByteBuf out, InvocationRecord record, long totalMicros) {
        Ascii.text(out, "server-timing: ");
        waited(out);
        Ascii.text(out, ", ");
        ran(out, record, totalMicros);
        Ascii.text(out, "\r\n");
    }

    private void waited(ByteBuf out) {
        Dispatch dispatch = invocation.dispatch();
        if (dispatch.cold() != null) {
            Ascii.text(out, TimingText.waited(dispatch));
            return;
        }
        Ascii.text(out, "queue;dur=");
        Ascii.millis(out, dispatch.queueMicros());
        Ascii.text(out, ", start;dur=");
        Ascii.millis(out, dispatch.startMicros());
        Ascii.text(out, ";desc=\"warm\"");
    }

    private static void ran(ByteBuf out, InvocationRecord record, long totalMicros) {
        Ascii.text(out, "app;dur=");
        Ascii.millis(out, record.appMicros());
        Ascii.text(out, ", total;dur=");
        Ascii.millis(out, totalMicros);
    }

    private static void length(ByteBuf out, long bytes) {
        Ascii.text(out, "content-length: ");
        Ascii.decimal(out, bytes);
        Ascii.text(out, "\r\n");
    }

    private static void statusLine(ByteBuf out, HttpResponseStatus status) {
        Ascii.text(out, "HTTP/1.1 ");
        Ascii.decimal(out, status.code(), 3);
        Ascii.text(out, " ");
        Ascii.text(out, status.reasonPhrase());
        Ascii.text(out, "\r\n");
    }

    private static void field(ByteBuf out, String name, String value) {
        Ascii.text(out, name);
        Ascii.text(out, ": ");
        Ascii.text(out, value);
        Ascii.text(out, "\r\n");
    }

    private static ByteBuf buffer(int bytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes + ADDED_BYTES);
    }

    private static Set<PlainField> dropped() {
        Set<String> names = HeaderPolicy.droppedFromResponse(List.of());
        Set<PlainField> dropped = EnumSet.noneOf(PlainField.class);
        for (PlainField field : PlainField.values()) {
            if (names.contains(field.text()) || field == PlainField.CONTENT_LENGTH) {
                dropped.add(field);
            }
        }
        return dropped;
    }
}
