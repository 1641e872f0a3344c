package dev.wisp.contracts.async;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored call: either still to be made or over, never both, so that one write takes it from one to the other.
 *
 * @param id a UUID; the idempotency key of every attempt
 * @param service in whose name it was called, or whose outcome it tells
 * @param account who pays
 * @param call null when it is over
 * @param result null while it is to be made
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AsyncInvocation(
        String id,
        String namespace,
        String service,
        String account,
        Instant acceptedAt,
        @Nullable AsyncCall call,
        @Nullable AsyncResult result) {

    /** What one costs in memory beside its letters and bytes. */
    private static final int OVERHEAD_BYTES = 1 << 10;

    private static final int FIELD_OVERHEAD_BYTES = 64;

    public AsyncInvocation {
        if ((call == null) == (result == null)) {
            throw new IllegalArgumentException("id=%s, must have a call or a result".formatted(id));
        }
    }

    public AsyncInvocation with(AsyncCall next) {
        return new AsyncInvocation(id, namespace, service, account, acceptedAt, next, null);
    }

    public AsyncInvocation over(AsyncResult end) {
        return new AsyncInvocation(id, namespace, service, account, acceptedAt, null, end);
    }

    /** Estimated memory it takes, which bounds are counted in. */
    public long bytes() {
        long bytes = OVERHEAD_BYTES;
        if (call != null) {
            bytes += call.body().length() + call.uri().length() + bytes(call.headers());
        }
        if (result != null) {
            bytes += result.body().length() + bytes(result.headers());
        }
        return bytes;
    }

    private static long bytes(Iterable<HeaderField> fields) {
        long bytes = 0;
        for (HeaderField field : fields) {
            bytes +=
                    FIELD_OVERHEAD_BYTES + field.name().length() + field.value().length();
        }
        return bytes;
    }
}
