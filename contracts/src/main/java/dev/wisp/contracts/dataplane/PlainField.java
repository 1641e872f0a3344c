package dev.wisp.contracts.dataplane;

import org.jspecify.annotations.Nullable;

/** Fields of an HTTP head that the platform acts on; all others only go through. */
public enum PlainField {
    HOST("host"),
    CONTENT_LENGTH("content-length"),
    TRANSFER_ENCODING("transfer-encoding"),
    CONNECTION("connection"),
    KEEP_ALIVE("keep-alive"),
    PROXY_CONNECTION("proxy-connection"),
    PROXY_AUTHENTICATE("proxy-authenticate"),
    PROXY_AUTHORIZATION("proxy-authorization"),
    TE("te"),
    TRAILER("trailer"),
    UPGRADE("upgrade"),
    HTTP2_SETTINGS("http2-settings"),
    EXPECT("expect"),
    FORWARDED("forwarded"),
    X_FORWARDED_FOR("x-forwarded-for"),
    X_FORWARDED_PROTO("x-forwarded-proto"),
    X_FORWARDED_HOST("x-forwarded-host"),
    X_FORWARDED_PORT("x-forwarded-port"),
    INVOCATION_ID(WispHeaders.INVOCATION_ID),
    REVISION(WispHeaders.REVISION),
    COLD_START(WispHeaders.COLD_START),
    BILLED_DURATION(WispHeaders.BILLED_DURATION),
    CPU_TIME(WispHeaders.CPU_TIME),
    COST(WispHeaders.COST),
    SERVER_TIMING(WispHeaders.SERVER_TIMING),
    DEADLINE(WispHeaders.DEADLINE),
    DISPATCH("x-wisp-dispatch"),
    REFUSED("x-wisp-refused"),
    FAILED("x-wisp-failed"),
    ASYNC_CALL(WispHeaders.ASYNC_CALL),
    PREFER("prefer"),
    IDEMPOTENCY_KEY("idempotency-key"),
    TRACEPARENT("traceparent"),
    TRACESTATE("tracestate");

    private static final int TABLE_SIZE = 256;
    private static final @Nullable PlainField[] TABLE = table();

    private final String text;

    PlainField(String text) {
        this.text = text;
    }

    /** Its name, lower case. */
    public String text() {
        return text;
    }

    /** One letter more of a name's hash, which begins with 0 and does not tell upper case from lower. */
    static int hash(int before, byte letter) {
        return before * 31 + (letter | 0x20);
    }

    /** The field of that name in any case, null when it is none of these. */
    static @Nullable PlainField find(byte[] head, int from, int to, int hash) {
        for (int at = slot(hash); ; at = (at + 1) % TABLE_SIZE) {
            PlainField field = TABLE[at];
            if (field == null || field.isNamed(head, from, to)) {
                return field;
            }
        }
    }

    private boolean isNamed(byte[] head, int from, int to) {
        if (to - from != text.length()) {
            return false;
        }
        for (int at = 0; at < text.length(); at++) {
            byte letter = head[from + at];
            if ((letter >= 'A' && letter <= 'Z' ? letter | 0x20 : letter) != text.charAt(at)) {
                return false;
            }
        }
        return true;
    }

    private static int slot(int hash) {
        return (hash ^ (hash >>> 15)) & (TABLE_SIZE - 1);
    }

    private static @Nullable PlainField[] table() {
        PlainField[] table = new PlainField[TABLE_SIZE];
        for (PlainField field : values()) {
            int hash = 0;
            for (int letter = 0; letter < field.text.length(); letter++) {
                hash = hash(hash, (byte) field.text.charAt(letter));
            }
            int at = slot(hash);
            while (table[at] != null) {
                at = (at + 1) % TABLE_SIZE;
            }
            table[at] = field;
        }
        return table;
    }
}
