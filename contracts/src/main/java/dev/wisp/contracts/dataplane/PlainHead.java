package dev.wisp.contracts.dataplane;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1.1 message as the bytes it came in, with its fields' places. Reads only what is plain: anything that is not
 * exactly what RFC 9112 asks for, that could be read in two ways, or that needs more than passing on is {@link Verdict#OTHER}, and left
 * to a full implementation. So it refuses nothing and repairs nothing. Used again for message after message; grows to the largest.
 */
public final class PlainHead {

    /** Longest head that is taken for plain. */
    public static final int BYTES_MAX = 8 << 10;

    /** Most fields of a plain head. */
    public static final int FIELDS_MAX = 64;

    private static final int BYTES_AT_FIRST = 512;
    private static final int FIELDS_AT_FIRST = 16;
    private static final int LENGTH_DIGITS_MAX = 18;
    private static final String[] METHODS = {"GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS"};
    private static final byte[] OWN_PATH = ascii("/_wisp/");
    private static final byte[] VERSION = ascii("HTTP/1.1");
    private static final byte[] KEEP_ALIVE = ascii("keep-alive");
    private static final boolean[] NAME_LETTERS = nameLetters();

    private byte[] bytes = new byte[BYTES_AT_FIRST];
    private int limit;
    private int length;
    private int at;
    private String method = "";
    private int status;
    private int fieldsStart;
    private int fields;
    private @Nullable PlainField[] known = new PlainField[FIELDS_AT_FIRST];
    private int[] starts = new int[FIELDS_AT_FIRST];
    private int[] valueStarts = new int[FIELDS_AT_FIRST];
    private int[] valueEnds = new int[FIELDS_AT_FIRST];
    private int host;
    private long contentLength;
    private boolean plain;

    /** What a read came to. */
    public enum Verdict {
        PLAIN,
        /** It ends before the head does, and is plain so far. */
        INCOMPLETE,
        OTHER
    }

    /** Reads a request's head from the buffer's reader index on, without moving it. */
    public Verdict readRequest(ByteBuf from) {
        begin(from);
        Verdict line = requestLine();
        return line == Verdict.PLAIN ? fields(true) : line;
    }

    /** Reads a final response's head from the buffer's reader index on, without moving it. */
    public Verdict readResponse(ByteBuf from) {
        begin(from);
        Verdict line = statusLine();
        return line == Verdict.PLAIN ? fields(false) : line;
    }

    /** Bytes of the head, its empty line included. */
    public int length() {
        return length;
    }

    /** Bytes of the first line, its end included. */
    public int lineLength() {
        return fieldsStart;
    }

    /** Of a request. */
    public String method() {
        return method;
    }

    /** Of a response, 200..599. */
    public int status() {
        return status;
    }

    /** What {@code Content-Length} says, -1 without one. */
    public long contentLength() {
        return contentLength;
    }

    public int fields() {
        return fields;
    }

    /** What the field at this place is, null for one that only goes through. */
    public @Nullable PlainField field(int index) {
        return known[index];
    }

    public String value(int index) {
        return text(valueStarts[index], valueEnds[index]);
    }

    /** Whether there is such a field with a value. */
    public boolean has(PlainField field) {
        for (int index = 0; index < fields; index++) {
            if (known[index] == field && valueEnds[index] > valueStarts[index]) {
                return true;
            }
        }
        return false;
    }

    /** Of a request: its Host field's value. */
    public String host() {
        return value(host);
    }

    /** Whether a request's Host field is exactly this. */
    public boolean isHost(String other) {
        int from = valueStarts[host];
        int count = valueEnds[host] - from;
        if (other.length() != count) {
            return false;
        }
        for (int letter = 0; letter < count; letter++) {
            if (bytes[from + letter] != other.charAt(letter)) {
                return false;
            }
        }
        return true;
    }

    /** Appends the first line as it came, its end included. */
    public void copyLine(ByteBuf to) {
        to.writeBytes(bytes, 0, fieldsStart);
    }

    /** Appends the fields as they came, less those to be dropped. */
    public void copyFields(ByteBuf to, Set<PlainField> dropped) {
        int from = fieldsStart;
        for (int index = 0; index < fields; index++) {
            PlainField field = known[index];
            if (field != null && dropped.contains(field)) {
                to.writeBytes(bytes, from, starts[index] - from);
                from = index + 1 < fields ? starts[index + 1] : length - 2;
            }
        }
        to.writeBytes(bytes, from, length - 2 - from);
    }

    /** Appends the head as it came. */
    public void copyAll(ByteBuf to) {
        to.writeBytes(bytes, 0, length);
    }

    private void begin(ByteBuf from) {
        limit = Math.min(from.readableBytes(), BYTES_MAX);
        if (bytes.length < limit) {
            bytes = new byte[Math.min(BYTES_MAX, Math.max(limit, bytes.length * 2))];
        }
        from.getBytes(from.readerIndex(), bytes, 0, limit);
        at = 0;
        fields = 0;
        host = -1;
        contentLength = -1;
        plain = true;
    }

    private Verdict requestLine() {
        String found = method(limit);
        if (found == null) {
            return limit < 8 ? Verdict.INCOMPLETE : Verdict.OTHER;
        }
        method = found;
        at = found.length() + 1;
        if (at < limit && bytes[at] != '/') {
            return Verdict.OTHER;
        }
        int target = at;
        while (at < limit && bytes[at] > ' ' && bytes[at] < 127) {
            at++;
        }
        if (isOwnPath(target)) {
            return Verdict.OTHER;
        }
        Verdict space = expect((byte) ' ');
        if (space != Verdict.PLAIN) {
            return space;
        }
        Verdict version = expect(VERSION);
        return version == Verdict.PLAIN ? lineEnd() : version;
    }

    /** Below {@code /_wisp/} the platform answers itself. */
    private boolean isOwnPath(int from) {
        return at - from >= OWN_PATH.length
                && Arrays.equals(bytes, from, from + OWN_PATH.length, OWN_PATH, 0, OWN_PATH.length);
    }

    private @Nullable String method(int end) {
        for (String candidate : METHODS) {
            if (end > candidate.length() && bytes[candidate.length()] == ' ' && startsWith(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private boolean startsWith(String text) {
        for (int letter = 0; letter < text.length(); letter++) {
            if (bytes[letter] != text.charAt(letter)) {
                return false;
            }
        }
        return true;
    }

    private Verdict statusLine() {
        Verdict version = expect(VERSION);
        if (version != Verdict.PLAIN) {
            return version;
        }
        if (limit < VERSION.length + 5) {
            return Verdict.INCOMPLETE;
        }
        int hundreds = bytes[at + 1] - '0';
        int tens = bytes[at + 2] - '0';
        int ones = bytes[at + 3] - '0';
        status = hundreds * 100 + tens * 10 + ones;
        boolean digits = hundreds >= 2 && hundreds <= 5 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
        if (bytes[at] != ' ' || !digits || bytes[at + 4] != ' ') {
            return Verdict.OTHER;
        }
        at += 5;
        while (at < limit && bytes[at] >= ' ' && bytes[at] < 127) {
            at++;
        }
        return lineEnd();
    }

    private Verdict fields(boolean request) {
        fieldsStart = at;
        while (at < limit && bytes[at] != '\r') {
            Verdict field = field();
            if (field != Verdict.PLAIN) {
                return field;
            }
        }
        Verdict end = lineEnd();
        if (end != Verdict.PLAIN) {
            return end;
        }
        length = at;
        return plain && (host >= 0 || !request) ? Verdict.PLAIN : Verdict.OTHER;
    }

    private Verdict field() {
        int start = at;
        int hash = 0;
        while (at < limit && bytes[at] >= 0 && NAME_LETTERS[bytes[at]]) {
            hash = PlainField.hash(hash, bytes[at]);
            at++;
        }
        int nameEnd = at;
        if (nameEnd == start && at < limit) {
            return Verdict.OTHER;
        }
        Verdict colon = expect((byte) ':');
        if (colon != Verdict.PLAIN) {
            return colon;
        }
        while (at < limit && isBlank(bytes[at])) {
            at++;
        }
        int valueStart = at;
        while (at < limit && ((bytes[at] >= ' ' && bytes[at] < 127) || bytes[at] == '\t')) {
            at++;
        }
        int valueEnd = at;
        while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) {
            valueEnd--;
        }
        Verdict end = lineEnd();
        if (end == Verdict.PLAIN) {
            add(start, nameEnd, hash, valueStart, valueEnd);
        }
        return fields > FIELDS_MAX ? Verdict.OTHER : end;
    }

    private void add(int start, int nameEnd, int hash, int valueStart, int valueEnd) {
        if (fields == starts.length) {
            int room = fields * 2;
            known = Arrays.copyOf(known, room);
            starts = Arrays.copyOf(starts, room);
            valueStarts = Arrays.copyOf(valueStarts, room);
            valueEnds = Arrays.copyOf(valueEnds, room);
        }
        PlainField field = PlainField.find(bytes, start, nameEnd, hash);
        known[fields] = field;
        starts[fields] = start;
        valueStarts[fields] = valueStart;
        valueEnds[fields] = valueEnd;
        if (field != null) {
            judge(field, fields);
        }
        fields++;
    }

    private void judge(PlainField field, int index) {
        switch (field) {
            case HOST -> {
                plain &= host < 0;
                host = index;
            }
            case CONTENT_LENGTH -> {
                plain &= contentLength < 0;
                contentLength = decimal(valueStarts[index], valueEnds[index]);
                plain &= contentLength >= 0;
            }
            case CONNECTION -> plain &= isKeepAlive(valueStarts[index], valueEnds[index]);
            case TRANSFER_ENCODING, UPGRADE, HTTP2_SETTINGS, EXPECT, TRAILER, PREFER, ASYNC_CALL -> plain = false;
            default -> {}
        }
    }

    private boolean isKeepAlive(int from, int to) {
        if (to - from != KEEP_ALIVE.length) {
            return false;
        }
        for (int letter = 0; letter < KEEP_ALIVE.length; letter++) {
            byte other = bytes[from + letter];
            if ((other >= 'A' && other <= 'Z' ? other | 0x20 : other) != KEEP_ALIVE[letter]) {
                return false;
            }
        }
        return true;
    }

    /** -1 for what is not digits alone, has a needless zero, or does not surely fit a long. */
    private long decimal(int from, int to) {
        int digits = to - from;
        if (digits < 1 || digits > LENGTH_DIGITS_MAX || (digits > 1 && bytes[from] == '0')) {
            return -1;
        }
        long value = 0;
        for (int digit = from; digit < to; digit++) {
            if (bytes[digit] < '0' || bytes[digit] > '9') {
                return -1;
            }
            value = value * 10 + bytes[digit] - '0';
        }
        return value;
    }

    private Verdict expect(byte letter) {
        if (at >= limit) {
            return outOfBytes();
        }
        return bytes[at++] == letter ? Verdict.PLAIN : Verdict.OTHER;
    }

    private Verdict expect(byte[] text) {
        for (byte letter : text) {
            Verdict next = expect(letter);
            if (next != Verdict.PLAIN) {
                return next;
            }
        }
        return Verdict.PLAIN;
    }

    private Verdict lineEnd() {
        Verdict first = expect((byte) '\r');
        return first == Verdict.PLAIN ? expect((byte) '\n') : first;
    }

    private Verdict outOfBytes() {
        return limit < BYTES_MAX ? Verdict.INCOMPLETE : Verdict.OTHER;
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }

    private static boolean isBlank(byte letter) {
        return letter == ' ' || letter == '\t';
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean[] nameLetters() {
        boolean[] letters = new boolean[128];
        for (char letter = '0'; letter <= 'z'; letter++) {
            letters[letter] = Character.isLetterOrDigit(letter);
        }
        for (char letter : "!#$%&'*+-.^_`|~".toCharArray()) {
            letters[letter] = true;
        }
        return letters;
    }
}
