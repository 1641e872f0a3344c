package dev.wisp.gateway.proxy;

import dev.wisp.contracts.dataplane.WispHeaders;
import dev.wisp.gateway.async.Preference;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the gateway needs of a request's head in one pass over its fields, and drops the fields that only the platform may write.
 * One per event loop, used again for each request, so that a request costs no garbage here.
 */
final class HeadScan implements BiConsumer<String, String> {

    /** What one field costs in memory beside its letters. */
    private static final int FIELD_OVERHEAD_BYTES = 64;

    private static final long UNKNOWN = -1;

    /** Fields that a caller's copies are dropped of. */
    private static final String[] PLATFORM = {
        WispHeaders.INVOCATION_ID,
        WispHeaders.REVISION,
        WispHeaders.COLD_START,
        WispHeaders.BILLED_DURATION,
        WispHeaders.CPU_TIME,
        WispHeaders.COST,
        WispHeaders.SERVER_TIMING,
        WispHeaders.DEADLINE,
        NodeWire.DISPATCH,
        WispHeaders.ASYNC_CALL,
        NodeWire.REFUSED
    };

    private final int headersMax;
    private int headers;
    private int hosts;
    private int transferEncodings;
    private int bytes;
    private boolean lengthGiven;
    private boolean platform;
    private boolean expectsContinue;
    private boolean body;
    private boolean async;
    private boolean marked;
    private long bodyBytes;
    private @Nullable String callPass;
    private @Nullable String host;
    private @Nullable String fault;

    HeadScan(int headersMax) {
        this.headersMax = headersMax;
    }

    /** Afterwards the other methods tell about this request. */
    void read(HttpServerRequest request) {
        headers = 0;
        hosts = 0;
        transferEncodings = 0;
        bytes = request.uri().length();
        lengthGiven = false;
        platform = false;
        expectsContinue = false;
        body = false;
        async = false;
        marked = false;
        bodyBytes = 0;
        callPass = null;
        host = null;
        fault = null;
        MultiMap fields = request.headers();
        fields.forEach(this);
        if (request.version() == HttpVersion.HTTP_2 && !lengthGiven && mayHaveBody(request.method())) {
            bodyBytes = UNKNOWN;
        }
        judge(request);
        if (platform) {
            drop(fields);
        }
        if (expectsContinue) {
            fields.remove(HttpHeaders.EXPECT);
        }
    }

    /** Why this request must not be passed on, null when it may. */
    @Nullable
    String fault() {
        return fault;
    }

    /** The host field as it came, null when there is none. */
    @Nullable
    String host() {
        return host;
    }

    /** Whether the caller waits for {@code 100 Continue} before it sends the body. */
    boolean expectsContinue() {
        return expectsContinue;
    }

    /** Whether the caller prefers not to wait for the answer. */
    boolean isAsync() {
        return async;
    }

    /** What says that the gateway itself makes this call, null when nothing says so. */
    @Nullable
    String callPass() {
        return callPass;
    }

    /** Whether a body follows, as far as the head says. */
    boolean hasBody() {
        return body;
    }

    /** Length of the body as the head says it, negative when only its end will tell. */
    long bodyBytes() {
        return bodyBytes;
    }

    /** Whether the caller says that the workload knows a repetition of this request. */
    boolean isMarked() {
        return marked;
    }

    /** Estimated memory of the head. */
    int bytes() {
        return bytes;
    }

    @Override
    public void accept(String name, String value) {
        headers++;
        bytes += name.length() + value.length() + FIELD_OVERHEAD_BYTES;
        switch (name.length()) {
            case 4 -> host(name, value);
            case 6 -> {
                expect(name, value);
                prefer(name, value);
            }
            case 12 -> callPass(name, value);
            case 14 -> contentLength(name, value);
            case 15 -> marked |= !value.isEmpty() && name.equalsIgnoreCase("idempotency-key");
            case 17 -> transferEncoding(name, value);
            default -> {}
        }
        if (!platform && isPlatformInitial(name.charAt(0))) {
            platform = isPlatform(name);
        }
    }

    private void host(String name, String value) {
        if (name.equalsIgnoreCase("host")) {
            hosts++;
            host = value;
        }
    }

    private void expect(String name, String value) {
        if (name.equalsIgnoreCase("expect")) {
            expectsContinue = value.equalsIgnoreCase("100-continue");
            if (!expectsContinue) {
                fault = "Expect is not 100-continue";
            }
        }
    }

    private void prefer(String name, String value) {
        async |= name.equalsIgnoreCase("prefer") && Preference.isAsync(value);
    }

    private void callPass(String name, String value) {
        if (name.equalsIgnoreCase(WispHeaders.ASYNC_CALL)) {
            callPass = value;
        }
    }

    private void contentLength(String name, String value) {
        if (name.equalsIgnoreCase("content-length")) {
            if (lengthGiven) {
                fault = "Content-Length is given twice";
            }
            lengthGiven = true;
            body |= !value.equals("0");
            bodyBytes = length(value);
        }
    }

    /** A length that makes no sense is refused elsewhere. */
    private static long length(String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            return UNKNOWN;
        }
    }

    private void transferEncoding(String name, String value) {
        if (name.equalsIgnoreCase("transfer-encoding")) {
            transferEncodings++;
            body = true;
            bodyBytes = UNKNOWN;
            if (!value.equalsIgnoreCase("chunked") || transferEncodings > 1) {
                fault = "Transfer-Encoding is not just chunked";
            }
        }
    }

    private void judge(HttpServerRequest request) {
        if (fault != null) {
            return;
        }
        if (headers > headersMax) {
            fault = "%d header fields, at most %d".formatted(headers, headersMax);
        } else if (hosts > 1) {
            fault = "Host is given twice";
        } else if (transferEncodings > 0 && lengthGiven) {
            fault = "Content-Length and Transfer-Encoding are both given";
        } else if (request.method().equals(HttpMethod.CONNECT)) {
            fault = "CONNECT is not offered";
        }
    }

    private static boolean mayHaveBody(HttpMethod method) {
        return switch (method.name()) {
            case "GET", "HEAD", "OPTIONS", "DELETE", "TRACE" -> false;
            default -> true;
        };
    }

    private static boolean isPlatformInitial(char initial) {
        return initial == 'x' || initial == 'X' || initial == 's' || initial == 'S';
    }

    private static boolean isPlatform(String name) {
        for (String own : PLATFORM) {
            if (own.length() == name.length() && own.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    private static void drop(MultiMap fields) {
        for (String own : PLATFORM) {
            fields.remove(own);
        }
    }
}
