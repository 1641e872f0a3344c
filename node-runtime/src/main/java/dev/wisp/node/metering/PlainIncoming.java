package dev.wisp.node.metering;

import dev.wisp.contracts.dataplane.PlainField;
import dev.wisp.contracts.dataplane.PlainHead;
import dev.wisp.contracts.dataplane.PlainRequest;
import dev.wisp.contracts.dataplane.WispHeaders;
import dev.wisp.node.trace.TraceFields;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A plain request: its head goes on as it came, less what is dropped, and its body as it comes. */
final class PlainIncoming implements Incoming, PlainRequest.Listener {

    private static final Set<PlainField> DROPPED = dropped(EnumSet.noneOf(PlainField.class));
    private static final Set<PlainField> DROPPED_PARENT = dropped(EnumSet.of(PlainField.TRACEPARENT));
    private static final Set<PlainField> DROPPED_TRACE =
            dropped(EnumSet.of(PlainField.TRACEPARENT, PlainField.TRACESTATE));
    private static final byte[] INVOCATION_ID = Ascii.bytes(WispHeaders.INVOCATION_ID + ": ");
    private static final byte[] DEADLINE = Ascii.bytes("\r\n" + WispHeaders.DEADLINE + ": ");
    private static final byte[] HEAD_END = Ascii.bytes("\r\n\r\n");
    private static final int ADDED_BYTES = 512;

    private final PlainRequest request;
    private final PlainHead head;
    private final Invocation invocation;
    private final PlainAnswer answer;
    private @Nullable Runnable gone;
    private @Nullable Receiver receiver;

    /** The fields that say who calls, the same for every request of a connection to one host. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, and nobody else has the array.
    private record Forwarding(String host, byte[] fields) {}

    PlainIncoming(PlainRequest request, Invocation invocation) {
        this.request = request;
        this.head = request.head();
        this.invocation = invocation;
        this.answer = new PlainAnswer(request, invocation);
        request.listen(this);
    }

    @Override
    public void watch(Runnable listener) {
        gone = listener;
    }

    @Override
    public Answer answer() {
        return answer;
    }

    @Override
    public boolean isPlain() {
        return true;
    }

    @Override
    public ContainerConnection.Asks asks() {
        return head.method().equals("HEAD") ? ContainerConnection.Asks.HEAD : ContainerConnection.Asks.BODY;
    }

    @Override
    public boolean isIdempotent() {
        return !head.method().equals("POST") && !head.method().equals("PATCH");
    }

    @Override
    public boolean isBodyUndecided() {
        return false;
    }

    @Override
    public RequestHead.Body body() {
        return head.contentLength() < 0 ? RequestHead.Body.NONE : RequestHead.Body.LENGTH;
    }

    @Override
    public void sendHead(
            ContainerConnection to, RequestHead.Body framing, long deadlineMillis, @Nullable TraceFields trace) {
        byte[] forwarding = forwarding();
        ByteBuf out = to.channel().alloc().buffer(head.length() + forwarding.length + ADDED_BYTES);
        head.copyLine(out);
        head.copyFields(out, trace == null ? DROPPED : trace.isContinued() ? DROPPED_PARENT : DROPPED_TRACE);
        Ascii text = Ascii.begin().text(forwarding);
        if (trace != null) {
            text.text("traceparent: ").text(trace.traceparent()).text("\r\n");
        }
        text.text(INVOCATION_ID)
                .uuid(invocation.dispatch().invocationId())
                .text(DEADLINE)
                .decimal(deadlineMillis)
                .text(HEAD_END)
                .writeTo(out);
        to.writePlain(out);
    }

    @Override
    public void sendPiece(ContainerConnection to, ByteBuf bytes) {
        to.writePlain(bytes);
    }

    /** Its length has said where it ends. */
    @Override
    public void sendEnd(ContainerConnection to) {}

    @Override
    public void read(Receiver reading) {
        receiver = reading;
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

    @Override
    public void release() {
        receiver = null;
        request.pause();
    }

    /** The gate drops it while it closes the connection. */
    @Override
    public void discard() {
        receiver = null;
    }

    @Override
    public void body(ByteBuf piece) {
        Receiver reading = receiver;
        if (reading == null) {
            piece.release();
        } else {
            reading.piece(piece);
        }
    }

    @Override
    public void bodyEnded() {
        Receiver reading = receiver;
        if (reading != null) {
            reading.ended();
        }
    }

    @Override
    public void drained() {
        answer.drained();
    }

    @Override
    public void gone() {
        Runnable listener = gone;
        if (listener != null) {
            listener.run();
        }
    }

    private byte[] forwarding() {
        if (request.attachment() instanceof Forwarding known && head.isHost(known.host())) {
            return known.fields();
        }
        String host = head.host();
        StringBuilder text = new StringBuilder();
        HeaderPolicy.forwarding(request.remoteHost(), host, "http")
                .forEach((name, value) ->
                        text.append(name).append(": ").append(value).append("\r\n"));
        Forwarding made = new Forwarding(host, text.toString().getBytes(StandardCharsets.ISO_8859_1));
        request.attach(made);
        return made.fields();
    }

    private static Set<PlainField> dropped(EnumSet<PlainField> dropped) {
        Set<String> names = HeaderPolicy.droppedFromRequest(List.of(), false);
        for (PlainField field : PlainField.values()) {
            if (names.contains(field.text())) {
                dropped.add(field);
            }
        }
        return dropped;
    }
}
