package dev.wisp.node.metering;

import dev.wisp.contracts.bus.WireJson;
import dev.wisp.contracts.dataplane.Dispatch;
import dev.wisp.contracts.dataplane.PlainField;
import dev.wisp.contracts.dataplane.PlainHead;
import dev.wisp.contracts.dataplane.PlainRequest;
import dev.wisp.contracts.dataplane.WispHeaders;
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
    private static final byte[] INVOCATION_ID = Ascii.bytes(WispHeaders.INVOCATION_ID + ": ");
    private static final byte[] REVISION = Ascii.bytes("\r\n" + WispHeaders.REVISION + ": ");
    private static final byte[] WARM = Ascii.bytes("\r\n" + WispHeaders.COLD_START + ": false\r\n");
    private static final byte[] COLD = Ascii.bytes("\r\n" + WispHeaders.COLD_START + ": true\r\n");
    private static final byte[] BILLED = Ascii.bytes(WispHeaders.BILLED_DURATION + ": ");
    private static final byte[] CPU = Ascii.bytes("\r\n" + WispHeaders.CPU_TIME + ": ");
    private static final byte[] COST = Ascii.bytes("\r\n" + WispHeaders.COST + ": ");
    private static final byte[] TIMING = Ascii.bytes(WispHeaders.SERVER_TIMING + ": ");
    private static final byte[] QUEUED = Ascii.bytes("queue;dur=");
    private static final byte[] STARTED = Ascii.bytes(", start;dur=");
    private static final byte[] NO_START = Ascii.bytes(";desc=\"warm\"");
    private static final byte[] RAN = Ascii.bytes("app;dur=");
    private static final byte[] TOTAL = Ascii.bytes(", total;dur=");
    private static final byte[] LENGTH = Ascii.bytes("content-length: ");

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
        Ascii text = Ascii.begin().text("HTTP/1.1 103 Early Hints\r\n");
        links.forEach(link -> field(text, "link", link));
        request.write(buffer(text.text(LINE_END)));
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
        Ascii text = statusLine(containerHead.status());
        Set<String> dropped =
                HeaderPolicy.droppedFromResponse(containerHead.headers().getAll(HttpHeaderNames.CONNECTION));
        for (Map.Entry<String, String> field : containerHead.headers()) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!dropped.contains(name) && !name.equals(PlainField.CONTENT_LENGTH.text())) {
                field(text, field.getKey(), field.getValue());
            }
        }
        head = buffer(text);
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
        Ascii text = statusLine(HttpResponseStatus.valueOf(problem.status()));
        field(text, "content-type", Problem.MEDIA_TYPE);
        identity(text, closing);
        if (record != null) {
            figures(text, record);
            timing(text, record, totalMicros);
        }
        length(text, json.length);
        request.write(buffer(text.text(LINE_END).text(json)));
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
        Ascii text = Ascii.begin();
        identity(text, closing);
        figures(text, record);
        timing(text, record, totalMicros);
        boolean announcesOnly = status == HttpResponseStatus.NOT_MODIFIED.code()
                || request.head().method().equals("HEAD");
        if (!announcesOnly && status != HttpResponseStatus.NO_CONTENT.code()) {
            length(text, heldBytes());
        } else if (announcesOnly && announced >= 0) {
            length(text, announced);
        }
        text.text(LINE_END).writeTo(out);
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
        Ascii text = Ascii.begin();
        identity(text, Closing.KEPT);
        text.text(TIMING);
        waited(text);
        text.text("\r\ntrailer: ")
                .text(TRAILERS)
                .text("\r\ntransfer-encoding: chunked\r\n\r\n")
                .writeTo(out);
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
        request.write(buffer(Ascii.begin().text(Integer.toHexString(bytes)).text(LINE_END)));
        request.write(content);
        request.write(Unpooled.wrappedBuffer(LINE_END));
    }

    private ByteBuf trailers(InvocationRecord record, long totalMicros, HttpHeaders trailers) {
        Ascii text = Ascii.begin().text("0\r\n");
        for (Map.Entry<String, String> trailer : trailers) {
            if (HeaderPolicy.isTrailerPassed(trailer.getKey())) {
                field(text, trailer.getKey(), trailer.getValue());
            }
        }
        figures(text, record);
        text.text(TIMING);
        ran(text, record, totalMicros);
        return buffer(text.text("\r\n\r\n"));
    }

    // ---- Fields ----

    private void identity(Ascii text, Closing closing) {
        text.text(INVOCATION_ID)
                .uuid(invocation.dispatch().invocationId())
                .text(REVISION)
                .text(invocation.instance().revision().id().name())
                .text(invocation.dispatch().cold() == null ? WARM : COLD);
        if (closing == Closing.CLOSED) {
            text.text("connection: close\r\n");
        }
    }

    private void figures(Ascii text, InvocationRecord record) {
        text.text(BILLED)
                .decimal(record.billedMillis())
                .text(CPU)
                .decimal(record.cpuMicros())
                .text(COST)
                .picos(record.costPicos())
                .text(" ")
                .text(invocation.prices().currency())
                .text(LINE_END);
    }

    private void timing(Ascii text, InvocationRecord record, long totalMicros) {
        text.text(TIMING);
        waited(text);
        text.text(", ");
        ran(text, record, totalMicros);
        text.text(LINE_END);
    }

    private void waited(Ascii text) {
        Dispatch dispatch = invocation.dispatch();
        if (dispatch.cold() != null) {
            text.text(TimingText.waited(dispatch));
            return;
        }
        text.text(QUEUED)
                .millis(dispatch.queueMicros())
                .text(STARTED)
                .millis(dispatch.startMicros())
                .text(NO_START);
    }

    private static void ran(Ascii text, InvocationRecord record, long totalMicros) {
        text.text(RAN).millis(record.appMicros()).text(TOTAL).millis(totalMicros);
    }

    private static void length(Ascii text, long bytes) {
        text.text(LENGTH).decimal(bytes).text(LINE_END);
    }

    private static Ascii statusLine(HttpResponseStatus status) {
        return Ascii.begin()
                .text("HTTP/1.1 ")
                .decimal(status.code(), 3)
                .text(" ")
                .text(status.reasonPhrase())
                .text(LINE_END);
    }

    private static void field(Ascii text, String name, String value) {
        text.text(name).text(": ").text(value).text(LINE_END);
    }

    /** Has room for what is added later. */
    private static ByteBuf buffer(Ascii text) {
        ByteBuf out = buffer(text.length());
        text.writeTo(out);
        return out;
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
