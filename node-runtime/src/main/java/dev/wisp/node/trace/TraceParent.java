package dev.wisp.node.trace;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import org.jspecify.annotations.Nullable;

/** The field {@code traceparent} of W3C Trace Context: {@code 00-<32 hex>-<16 hex>-<2 hex>}, lower case. */
final class TraceParent {

    private static final int LENGTH = 55;

    /** Sampled, and that the id is random. */
    private static final int KNOWN_FLAGS = 0x03;

    private TraceParent() {}

    /** Invalid when the text is not what the recommendation asks for; of a later version only what this one knows is read. */
    static SpanContext read(@Nullable String text) {
        if (text == null || !hasForm(text) || text.startsWith("ff") || (text.length() > LENGTH && !isLater(text))) {
            return SpanContext.getInvalid();
        }
        String traceId = text.substring(3, 35);
        String spanId = text.substring(36, 52);
        if (!TraceId.isValid(traceId) || !SpanId.isValid(spanId) || !isHex(text, 0, 2) || !isHex(text, 53, 55)) {
            return SpanContext.getInvalid();
        }
        TraceFlags flags = TraceFlags.fromByte((byte) (Integer.parseInt(text, 53, 55, 16) & KNOWN_FLAGS));
        return SpanContext.createFromRemoteParent(traceId, spanId, flags, TraceState.getDefault());
    }

    static String write(SpanContext span) {
        return "00-" + span.getTraceId() + '-' + span.getSpanId() + '-'
                + span.getTraceFlags().asHex();
    }

    private static boolean hasForm(String text) {
        return text.length() >= LENGTH && text.charAt(2) == '-' && text.charAt(35) == '-' && text.charAt(52) == '-';
    }

    private static boolean isLater(String text) {
        return !text.startsWith("00") && text.charAt(LENGTH) == '-';
    }

    private static boolean isHex(String text, int from, int to) {
        for (int at = from; at < to; at++) {
            char letter = text.charAt(at);
            if ((letter < '0' || letter > '9') && (letter < 'a' || letter > 'f')) {
                return false;
            }
        }
        return true;
    }
}
